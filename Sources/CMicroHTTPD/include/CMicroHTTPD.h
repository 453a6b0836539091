#ifndef LIGATURE_CMICROHTTPD_H
#define LIGATURE_CMICROHTTPD_H

#include <microhttpd.h>

// Swift cannot call variadic functions, and libmicrohttpd's start and info functions are variadic.

/// Limits and callbacks of one daemon; read during `ligature_daemon_start` only.
struct ligature_daemon_options {
  /// A bound, listening, non-blocking socket. The daemon owns it once started.
  int listen_socket;
  unsigned int connection_limit;
  /// Connections of one client address, 0 for no limit.
  unsigned int address_limit;
  unsigned int idle_timeout_seconds;
  /// Bytes of memory per connection, which bounds request line and headers.
  size_t connection_memory;
  /// Not 0 for TLS; every connection's socket context must then be a `ligature_identity`.
  int uses_tls;
  /// First argument of every callback below.
  void *context;
  MHD_AccessHandlerCallback handle;
  MHD_RequestCompletedCallback completed;
  MHD_NotifyConnectionCallback connection_changed;
  /// Returns the context of the request whose request line has just been read.
  void *(*request_line)(void *context, const char *uri, struct MHD_Connection *connection);
};

/// Starts a daemon with one epoll thread and suspendable connections.
/// Returns NULL on failure; `errno` may say why.
struct MHD_Daemon *ligature_daemon_start(const struct ligature_daemon_options *options);

/// The socket of a connection, or -1.
int ligature_connection_socket(struct MHD_Connection *connection);

/// Writes the client's numeric address with its NUL, empty when it has none (a Unix socket).
void ligature_connection_peer(struct MHD_Connection *connection, char *text, size_t size);

/// The status of the answer that is queued, 0 when there is none.
unsigned int ligature_connection_status(struct MHD_Connection *connection);

/// Makes a response of unknown length end with its connection instead of in chunks.
///
/// libmicrohttpd 0.9.75 sends the last chunk also where no body may be, after HEAD and with 304.
void ligature_response_end_with_connection(struct MHD_Response *response);

/// A certificate chain and its private key; counted references, any thread.
struct ligature_identity;

/// What `ligature_identity_create` found wrong.
enum ligature_identity_fault {
  LIGATURE_IDENTITY_GOOD = 0,
  LIGATURE_IDENTITY_CERTIFICATE = 1,
  LIGATURE_IDENTITY_KEY = 2,
  LIGATURE_IDENTITY_MISMATCH = 3,
};

/// Reads a chain (server first) and a key, both PEM, and checks that they belong together.
///
/// Sets `identity`, with one reference, when nothing is wrong; else `reason`, text that stays valid.
enum ligature_identity_fault ligature_identity_create(
    const void *chain, size_t chain_size, const void *key, size_t key_size,
    struct ligature_identity **identity, const char **reason);

void ligature_identity_retain(struct ligature_identity *identity);
void ligature_identity_release(struct ligature_identity *identity);

/// When the server's certificate expires, in seconds since 1970.
long long ligature_identity_expiry(const struct ligature_identity *identity);

// epoll(7), which the Glibc module leaves out.

/// Makes an epoll descriptor; -1 on failure, with `errno`.
int ligature_watch_create(void);

/// Watches a socket's peer; -1 on failure.
int ligature_watch_add(int watch, int socket);

/// Writes at most so many sockets whose peers send nothing more, or are gone, and have not been told
/// yet; returns how many.
int ligature_watch_take(int watch, int *sockets, int limit);

#endif
