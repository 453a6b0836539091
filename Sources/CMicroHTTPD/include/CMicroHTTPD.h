#ifndef LIGATURE_CMICROHTTPD_H
#define LIGATURE_CMICROHTTPD_H

#include <microhttpd.h>

#endif
