"""Requests over kept connections: timeouts, gzip, retries."""
from __future__ import annotations

import base64
import gzip
import http.client
import socket
import ssl
import threading
import urllib.parse
from dataclasses import dataclass
from typing import BinaryIO, Dict, List, Mapping, Optional, Union

from .errors import ConnectionFailed, LigatureError, RequestTimeout, problem
from .retry import RETRIED, RetryPolicy, retry_after
from .stream import AnswerStream

#: Idle connections that are kept.
KEPT_CONNECTIONS = 16

Body = Union[bytes, BinaryIO, None]


@dataclass(frozen=True)
class Metadata:
    """What came with an answer."""

    status: int
    #: Names in lower case.
    headers: Mapping[str, str]

    @property
    def etag(self) -> Optional[str]:
        return self.headers.get("etag")

    @property
    def request_id(self) -> Optional[str]:
        return self.headers.get("x-request-id")

    @property
    def location(self) -> Optional[str]:
        return self.headers.get("location")

    @property
    def is_replayed(self) -> bool:
        """Whether the write was done before, under the same idempotency key."""
        return self.headers.get("idempotency-replayed") == "true"


@dataclass(frozen=True)
class Reply:
    """A whole answer."""

    body: bytes
    metadata: Metadata


class Transport:
    """Sends requests to one address; safe to use from several threads."""

    def __init__(
        self, address: str, *, key: Optional[str], timeout: float, retries: RetryPolicy,
        compress_above: Optional[int], context: Optional[ssl.SSLContext], agent: str,
    ) -> None:
        parts = urllib.parse.urlsplit(address if "//" in address else "http://" + address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"address: found {address!r}, expected http://host:port or https://…")
        self.host, self.port = parts.hostname, parts.port
        self.prefix = parts.path.rstrip("/")
        self.context = (context or ssl.create_default_context()) if parts.scheme == "https" else None
        self.timeout, self.retries, self.compress_above = timeout, retries, compress_above
        self.headers = {"Accept-Encoding": "gzip", "User-Agent": agent}
        if key is not None:
            self.headers["Authorization"] = f"Bearer {key}"
        elif parts.username:
            pair = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
            self.headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        self._idle: List[http.client.HTTPConnection] = []
        self._lock = threading.Lock()

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: Body,
        *, repeatable: bool, timeout: Optional[float] = None,
    ) -> Reply:
        """A whole answer of status 2xx; any other is thrown as ProblemError.

        A request is sent again only if it is `repeatable`: done twice it does what it does once.
        """
        stream = self.open(method, path, headers, body, repeatable=repeatable, timeout=timeout)
        with stream:
            return Reply(stream.read(), Metadata(stream.status, stream.headers))

    def open(
        self, method: str, path: str, headers: Mapping[str, str], body: Body,
        *, repeatable: bool, timeout: Optional[float] = None,
    ) -> AnswerStream:
        """An answer whose body is read as it comes; `close` gives its connection back."""
        fields = {**self.headers, **headers}
        if isinstance(body, bytes) and self.compress_above is not None and len(body) > self.compress_above:
            body = gzip.compress(body, compresslevel=5, mtime=0)
            fields["Content-Encoding"] = "gzip"
        start = body.tell() if body is not None and not isinstance(body, bytes) and body.seekable() else None
        may_repeat = repeatable and (body is None or isinstance(body, bytes) or start is not None)
        began, attempt = self.retries.clock(), 0
        while True:
            attempt += 1
            asked: Optional[float] = None
            try:
                stream = self._open(method, path, fields, body, timeout, may_repeat)
                if stream.status < 400:
                    return stream
                asked = retry_after(stream.headers.get("retry-after"))
                with stream:
                    error: LigatureError = problem(
                        stream.status, stream.reason, stream.headers, stream.read(), asked)
                # 409 with Retry-After: the same write is being done, by a try that was cut off.
                again = stream.status in RETRIED or (stream.status == 409 and asked is not None)
            except ConnectionFailed as failure:
                error, again = failure, True
            pause = self.retries.pause(attempt, asked)
            late = self.retries.clock() + pause - began > self.retries.patience
            if not (may_repeat and again) or attempt >= self.retries.attempts or late:
                raise error
            self.retries.sleep(pause)
            if start is not None:
                body.seek(start)  # type: ignore[union-attr]

    def _open(
        self, method: str, path: str, fields: Dict[str, str], body: Body,
        timeout: Optional[float], may_repeat: bool,
    ) -> AnswerStream:
        seconds = self.timeout if timeout is None else timeout
        connection = self._take(seconds)
        kept = connection.sock is not None
        try:
            return self._exchange(connection, method, path, fields, body)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            # A kept connection that the server has closed meanwhile says nothing about the server.
            stale = kept and may_repeat and isinstance(body, (bytes, type(None))) and isinstance(
                error, (http.client.RemoteDisconnected, ConnectionError))
            if not stale:
                raise _failure(error, self.host, seconds) from error
        connection = self._new(seconds)
        try:
            return self._exchange(connection, method, path, fields, body)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise _failure(error, self.host, seconds) from error

    def _exchange(
        self, connection: http.client.HTTPConnection, method: str, path: str,
        fields: Dict[str, str], body: Body,
    ) -> AnswerStream:
        try:
            connection.request(method, self.prefix + path, body=body, headers=fields)
        except (BrokenPipeError, ConnectionResetError):
            # A server that refuses a body closes before all of it was sent; its answer may be here.
            if connection.sock is None:
                raise
        return AnswerStream(connection.getresponse(), connection, self._give_back, self.host)

    def _take(self, timeout: float) -> http.client.HTTPConnection:
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            return self._new(timeout)
        connection.timeout = timeout
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        return connection

    def _new(self, timeout: float) -> http.client.HTTPConnection:
        if self.context is not None:
            return http.client.HTTPSConnection(self.host, self.port, timeout=timeout, context=self.context)
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout)

    def _give_back(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            if len(self._idle) < KEPT_CONNECTIONS:
                self._idle.append(connection)
                return
        connection.close()


def _failure(error: Exception, host: str, seconds: float) -> ConnectionFailed:
    if isinstance(error, socket.timeout):
        return RequestTimeout(f"{host} said nothing for {seconds:g} s")
    return ConnectionFailed(f"{host}: {type(error).__name__}: {error}")
