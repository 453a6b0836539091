#include "CMicroHTTPD.h"

#include <sys/epoll.h>

int ligature_watch_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int ligature_watch_add(int watch, int socket) {
  struct epoll_event event = {.events = EPOLLRDHUP | EPOLLET, .data.fd = socket};
  return epoll_ctl(watch, EPOLL_CTL_ADD, socket, &event);
}

int ligature_watch_take(int watch, int *sockets, int limit) {
  struct epoll_event events[64];
  int count = epoll_wait(watch, events, limit < 64 ? limit : 64, 0);
  for (int i = 0; i < count; i++) sockets[i] = events[i].data.fd;
  return count < 0 ? 0 : count;
}
