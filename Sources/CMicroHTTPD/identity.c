#include "identity.h"
#include "CMicroHTTPD.h"

#include <gnutls/x509.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { longest_chain = 16 };

struct ligature_identity {
  atomic_int references;
  gnutls_pcert_st chain[longest_chain];
  unsigned int length;
  gnutls_privkey_t key;
  long long expiry;
};

// The identifier of a public key, so that two can be compared.
static int key_id(gnutls_pubkey_t key, unsigned char id[32]) {
  size_t size = 32;
  return gnutls_pubkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256, id, &size);
}

static int belongs(struct ligature_identity *identity) {
  gnutls_pubkey_t public_key;
  unsigned char certified[32], own[32];
  int code = gnutls_pubkey_init(&public_key);
  if (code < 0) return code;
  code = gnutls_pubkey_import_privkey(public_key, identity->key, 0, 0);
  if (code >= 0) code = key_id(public_key, own);
  if (code >= 0) code = key_id(identity->chain[0].pubkey, certified);
  if (code >= 0 && memcmp(own, certified, sizeof own) != 0)
    code = GNUTLS_E_CERTIFICATE_KEY_MISMATCH;
  gnutls_pubkey_deinit(public_key);
  return code;
}

static int read_expiry(struct ligature_identity *identity) {
  gnutls_x509_crt_t certificate;
  int code = gnutls_pcert_export_x509(&identity->chain[0], &certificate);
  if (code < 0) return code;
  identity->expiry = gnutls_x509_crt_get_expiration_time(certificate);
  gnutls_x509_crt_deinit(certificate);
  return 0;
}

enum ligature_identity_fault ligature_identity_create(
    const void *chain, size_t chain_size, const void *key, size_t key_size,
    struct ligature_identity **result, const char **reason) {
  gnutls_datum_t chain_data = {(unsigned char *)chain, (unsigned int)chain_size};
  gnutls_datum_t key_data = {(unsigned char *)key, (unsigned int)key_size};
  enum ligature_identity_fault fault = LIGATURE_IDENTITY_CERTIFICATE;
  struct ligature_identity *identity = calloc(1, sizeof *identity);
  int code = identity == NULL ? GNUTLS_E_MEMORY_ERROR : 0;
  if (code == 0) {
    unsigned int length = longest_chain;
    atomic_init(&identity->references, 1);
    code = gnutls_pcert_list_import_x509_raw(
        identity->chain, &length, &chain_data, GNUTLS_X509_FMT_PEM,
        GNUTLS_X509_CRT_LIST_FAIL_IF_UNSORTED | GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED);
    if (code >= 0) identity->length = length;
    if (code >= 0 && length == 0) code = GNUTLS_E_NO_CERTIFICATE_FOUND;
    if (code >= 0) code = read_expiry(identity);
  }
  if (code >= 0) {
    fault = LIGATURE_IDENTITY_KEY;
    code = gnutls_privkey_init(&identity->key);
    if (code >= 0)
      code = gnutls_privkey_import_x509_raw(
          identity->key, &key_data, GNUTLS_X509_FMT_PEM, NULL, 0);
  }
  if (code >= 0) {
    fault = LIGATURE_IDENTITY_MISMATCH;
    code = belongs(identity);
  }
  if (code < 0) {
    *reason = gnutls_strerror(code);
    if (identity != NULL) ligature_identity_release(identity);
    return fault;
  }
  *result = identity;
  return LIGATURE_IDENTITY_GOOD;
}

void ligature_identity_retain(struct ligature_identity *identity) {
  atomic_fetch_add(&identity->references, 1);
}

void ligature_identity_release(struct ligature_identity *identity) {
  if (atomic_fetch_sub(&identity->references, 1) != 1) return;
  for (unsigned int i = 0; i < identity->length; i++) gnutls_pcert_deinit(&identity->chain[i]);
  if (identity->key != NULL) gnutls_privkey_deinit(identity->key);
  free(identity);
}

long long ligature_identity_expiry(const struct ligature_identity *identity) {
  return identity->expiry;
}

int ligature_identity_retrieve(
    gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
    const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **chain,
    unsigned int *length, gnutls_privkey_t *key) {
  (void)authorities, (void)authority_count, (void)algorithms, (void)algorithm_count;
  // libmicrohttpd sets the session's pointer to its connection.
  struct MHD_Connection *connection = gnutls_session_get_ptr(session);
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  struct ligature_identity *identity = info == NULL ? NULL : info->socket_context;
  if (identity == NULL) return -1;
  *chain = identity->chain;
  *length = identity->length;
  *key = identity->key;
  return 0;
}
