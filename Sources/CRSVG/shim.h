#ifndef LIGATURE_CRSVG_SHIM_H
#define LIGATURE_CRSVG_SHIM_H

#include <librsvg/rsvg.h>
#endif
