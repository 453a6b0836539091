#ifndef LIGATURE_CGNUTLS_SHIM_H
#define LIGATURE_CGNUTLS_SHIM_H

#include <gnutls/gnutls.h>
#include <gnutls/crypto.h>
#endif
