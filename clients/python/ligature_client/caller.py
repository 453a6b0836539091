"""How the operations speak to the transport."""
from __future__ import annotations

import json
import uuid
from typing import Any, Dict, Mapping, Optional
from urllib.parse import quote, urlencode

from .errors import UnexpectedAnswer
from .stream import AnswerStream
from .transport import Body, Metadata, Reply, Transport

Members = Mapping[str, Any]


class Answer(Dict[str, Any]):
    """A JSON object of the server; `metadata(answer)` tells status and header fields."""

    metadata: Metadata


def metadata(answer: Any) -> Metadata:
    """Status and header fields (ETag, X-Request-Id …) that an answer of a Client came with."""
    if not isinstance(answer, Answer):
        raise TypeError(f"found {type(answer).__name__}, expected an answer of a Client")
    return answer.metadata


def given(members: Members) -> Dict[str, Any]:
    """What is not None."""
    return {name: value for name, value in members.items() if value is not None}


def _spelled(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class Caller:
    """A transport, and the forms of request and answer that operations share."""

    def __init__(self, transport: Transport, timeout: Optional[float] = None) -> None:
        self._transport, self._timeout = transport, timeout

    def _target(self, path: str, parameters: Members, query: Members) -> str:
        for name, value in parameters.items():
            path = path.replace("{" + name + "}", quote(str(value), safe=""))
        words = {name: _spelled(value) for name, value in given(query).items()}
        return path + ("?" + urlencode(words, quote_via=quote) if words else "")

    def _json(
        self, method: str, path: str, parameters: Members = {}, *, query: Members = {},
        body: Optional[Members] = None, headers: Members = {}, repeatable: bool = True,
    ) -> Any:
        """Sends an object, without its members that are None; answers with the server's."""
        fields = {"Accept": "application/json, application/problem+json", **given(headers)}
        data: Optional[bytes] = None
        if body is not None:
            data = json.dumps(given(body), ensure_ascii=False, allow_nan=False).encode()
            fields["Content-Type"] = "application/json"
        reply = self._transport.send(
            method, self._target(path, parameters, query), fields, data, repeatable=repeatable,
            timeout=self._timeout)
        return _decoded(reply)

    def _upload(
        self, path: str, parameters: Members, query: Members, headers: Members, body: Body,
    ) -> Any:
        reply = self._transport.send(
            "POST", self._target(path, parameters, query), given(headers), body, repeatable=True,
            timeout=self._timeout)
        return _decoded(reply)

    def _bytes(
        self, method: str, path: str, *, query: Members = {}, body: Optional[Members] = None,
        repeatable: bool = True,
    ) -> bytes:
        data = None if body is None else json.dumps(given(body), allow_nan=False).encode()
        fields = {} if body is None else {"Content-Type": "application/json"}
        return self._transport.send(
            method, self._target(path, {}, query), fields, data, repeatable=repeatable,
            timeout=self._timeout).body

    def _stream(
        self, method: str, path: str, parameters: Members = {}, *, query: Members = {},
        headers: Members = {}, body: Body = None, timeout: Optional[float] = None,
    ) -> AnswerStream:
        return self._transport.open(
            method, self._target(path, parameters, query), given(headers), body, repeatable=True,
            timeout=self._timeout if timeout is None else timeout)


def _decoded(reply: Reply) -> Answer:
    try:
        found = json.loads(reply.body)
    except ValueError as error:
        raise UnexpectedAnswer(
            f"status {reply.metadata.status} with a body that is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise UnexpectedAnswer(f"found {type(found).__name__}, expected a JSON object")
    answer = Answer(found)
    answer.metadata = reply.metadata
    return answer


def idempotency_key(key: Optional[str]) -> str:
    """The caller's key, or a new one: a write that is sent again is then done once."""
    return key if key is not None else str(uuid.uuid4())
