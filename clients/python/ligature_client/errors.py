"""What can go wrong, each a type of its own under LigatureError."""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence


class LigatureError(Exception):
    """Any failure of a request."""


class ConnectionFailed(LigatureError):
    """No whole answer came: refused, reset, not resolved, TLS refused, ended too early."""


class RequestTimeout(ConnectionFailed):
    """Nothing came within the timeout."""


class UnexpectedAnswer(LigatureError):
    """An answer that the API does not give: another program answers at this address."""


@dataclass(frozen=True)
class FieldError:
    """One wrong part of a request."""

    field: str
    detail: str
    #: UTF-8 bytes from the start of the field; None where it says nothing.
    offset: Optional[int] = None


class ProblemError(LigatureError):
    """Problem details (RFC 9457): the server understood the address and says what is wrong."""

    def __init__(
        self,
        status: int,
        title: str = "",
        detail: str = "",
        type: str = "about:blank",
        errors: Sequence[FieldError] = (),
        request_id: Optional[str] = None,
        retry_after: Optional[float] = None,
    ) -> None:
        self.status = status
        self.title = title
        self.detail = detail
        self.type = type
        self.errors = tuple(errors)
        #: The X-Request-Id under which the server's log has the request.
        self.request_id = request_id
        #: Seconds after which the server wants to be asked again.
        self.retry_after = retry_after
        places = "; ".join(
            error.field + (f" at {error.offset}" if error.offset is not None else "")
            + f": {error.detail}" for error in self.errors)
        super().__init__(
            f"{status} {title}" + (f": {detail}" if detail else "") + (f" ({places})" if places else ""))


class BadRequest(ProblemError):
    """400: not JSON, or not HTTP."""


class Unauthorized(ProblemError):
    """401: no key, or one that is not known, has expired or was revoked."""


class Forbidden(ProblemError):
    """403: the key's scope does not reach."""


class NotFound(ProblemError):
    """404."""


class Conflict(ProblemError):
    """409: the state does not allow it."""


class PreconditionFailed(ProblemError):
    """412: if_match or if_none_match does not hold."""


class ContentTooLarge(ProblemError):
    """413."""


class UnprocessableContent(ProblemError):
    """422: wrong fields, each in `errors`."""


class TooManyRequests(ProblemError):
    """429: a limit of the key, or a full queue."""


class ServerError(ProblemError):
    """500 to 599."""


class ServiceUnavailable(ServerError):
    """503: loading, stopping, or the database does not answer."""


_TYPES = {
    400: BadRequest, 401: Unauthorized, 403: Forbidden, 404: NotFound, 409: Conflict,
    412: PreconditionFailed, 413: ContentTooLarge, 422: UnprocessableContent,
    429: TooManyRequests, 503: ServiceUnavailable,
}


def problem(
    status: int, reason: str, headers: Mapping[str, str], body: bytes, retry_after: Optional[float]
) -> ProblemError:
    """The error of an answer with a status of 400 or more, whatever its body is."""
    found: Any = {}
    if "json" in headers.get("content-type", ""):
        try:
            found = json.loads(body)
        except ValueError:
            found = {}
    members = found if isinstance(found, dict) else {}
    errors = [
        FieldError(str(entry.get("field", "")), str(entry.get("detail", "")), entry.get("offset"))
        for entry in members.get("errors", []) if isinstance(entry, dict)
    ]
    kind = _TYPES.get(status, ServerError if status >= 500 else ProblemError)
    return kind(
        status, str(members.get("title", reason)), str(members.get("detail", "")),
        str(members.get("type", "about:blank")), errors, headers.get("x-request-id"), retry_after)
