#ifndef LIGATURE_CLIBPQ_SHIM_H
#define LIGATURE_CLIBPQ_SHIM_H

#include <libpq-fe.h>

#endif
