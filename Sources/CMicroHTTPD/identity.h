#ifndef LIGATURE_IDENTITY_H
#define LIGATURE_IDENTITY_H

#include <gnutls/abstract.h>

/// GnuTLS asks for the certificate of a session: the identity in its connection's socket context.
int ligature_identity_retrieve(
    gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
    const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **chain,
    unsigned int *length, gnutls_privkey_t *key);

#endif
