"""Answers that are read as they come: bytes, lines, server-sent events."""
from __future__ import annotations

import http.client
import json
import socket
import zlib
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, Optional

from .errors import ConnectionFailed, RequestTimeout, UnexpectedAnswer


class AnswerStream:
    """The body of an answer, inflated where it came in gzip; iterated in pieces.

    Read to its end, its connection is kept for the next request; closed before, it is not.
    """

    def __init__(
        self, response: http.client.HTTPResponse, connection: http.client.HTTPConnection,
        give_back: Callable[[http.client.HTTPConnection], None], host: str,
    ) -> None:
        self._response, self._connection, self._give_back = response, connection, give_back
        self._host = host
        self.status, self.reason = response.status, response.reason
        self.headers: Dict[str, str] = {name.lower(): value for name, value in response.getheaders()}
        self._inflater = (
            zlib.decompressobj(31) if self.headers.get("content-encoding") == "gzip" else None)
        self._is_open = True

    def __enter__(self) -> "AnswerStream":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[bytes]:
        """Pieces of the body, as they arrive; throws ConnectionFailed when it ends too early."""
        try:
            while True:
                piece = self._response.read1(1 << 16)
                if not piece:
                    break
                if self._inflater is not None:
                    piece = self._inflater.decompress(piece)
                if piece:
                    yield piece
            if self._response.length:
                raise http.client.IncompleteRead(b"", self._response.length)
            if self._inflater is not None and self._has_body and not self._inflater.eof:
                raise ConnectionFailed(f"{self._host}: the answer's gzip body ended too early")
        except socket.timeout as error:
            raise RequestTimeout(f"{self._host} said nothing more") from error
        except zlib.error as error:
            raise UnexpectedAnswer(f"{self._host}: the answer is not gzip: {error}") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ConnectionFailed(
                f"{self._host}: the answer ended too early: {type(error).__name__}") from error
        finally:
            self.close()

    @property
    def _has_body(self) -> bool:
        return self.status not in (204, 304)

    def read(self) -> bytes:
        """All that is left."""
        return b"".join(self)

    def lines(self) -> Iterator[bytes]:
        """Lines without their ends."""
        rest = b""
        for piece in self:
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield line[:-1] if line.endswith(b"\r") else line
        if rest:
            yield rest

    def objects(self) -> Iterator[Any]:
        """The values of NDJSON."""
        for line in self.lines():
            if line:
                yield json.loads(line)

    def close(self) -> None:
        if not self._is_open:
            return
        self._is_open = False
        ended = self._response.isclosed() or self._response.length == 0
        keep = ended and not self._response.will_close
        self._response.close()
        if keep:
            self._give_back(self._connection)
        else:
            self._connection.close()


@dataclass(frozen=True)
class Event:
    """A server-sent event (WHATWG HTML §9.2)."""

    name: str
    data: Any
    id: Optional[str]


def events(stream: AnswerStream) -> Iterator[Event]:
    """The events of a text/event-stream whose data are JSON."""
    name, data, last = "message", [], None
    for line in stream.lines():
        if not line:
            if data:
                yield Event(name, json.loads("\n".join(data)), last)
            name, data = "message", []
            continue
        field, _, value = line.decode("utf-8").partition(":")
        value = value[1:] if value.startswith(" ") else value
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)
        elif field == "id":
            last = value
