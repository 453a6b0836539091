#ifndef LIGATURE_CZLIB_SHIM_H
#define LIGATURE_CZLIB_SHIM_H

#include <zlib.h>

#endif
