#ifndef LIGATURE_CMICROHTTPD_H
#define LIGATURE_CMICROHTTPD_H

#include <microhttpd.h>

// Swift cannot call variadic functions, and libmicrohttpd's start and info functions are variadic.

/// Limits and callbacks of one daemon; read during `ligature_daemon_start` only.
struct ligature_daemon_options {
  /// A bound, listening, non-blocking socket. The daemon owns it once started.
  int listen_socket;
  unsigned int connection_limit;
  unsigned int idle_timeout_seconds;
  /// Bytes of memory per connection, which bounds request line and headers.
  size_t connection_memory;
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

/// Makes a response of unknown length end with its connection instead of in chunks.
///
/// libmicrohttpd 0.9.75 sends the last chunk also where no body may be, after HEAD and with 304.
void ligature_response_end_with_connection(struct MHD_Response *response);

#endif
