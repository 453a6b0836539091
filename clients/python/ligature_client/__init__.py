"""A client of Ligature's HTTP API; nothing but Python's standard library is needed.

    from ligature_client import Client

    with Client("http://127.0.0.1:8080") as client:
        for hit in client.search(text="opioid antagonist", k=3)["results"]:
            print(hit["score"], hit["smiles"])
"""
from .caller import metadata
from .client import VERSION as __version__, Client
from .errors import (
    BadRequest, Conflict, ConnectionFailed, ContentTooLarge, FieldError, Forbidden, LigatureError,
    NotFound, PreconditionFailed, ProblemError, RequestTimeout, ServerError, ServiceUnavailable,
    TooManyRequests, Unauthorized, UnexpectedAnswer, UnprocessableContent,
)
from .retry import NO_RETRIES, RetryPolicy
from .search import embedding_values
from .stream import AnswerStream, Event
from .transport import Metadata

__all__ = [
    "AnswerStream", "BadRequest", "Client", "Conflict", "ConnectionFailed", "ContentTooLarge",
    "Event", "FieldError", "Forbidden", "LigatureError", "Metadata", "NO_RETRIES", "NotFound",
    "PreconditionFailed", "ProblemError", "RequestTimeout", "RetryPolicy", "ServerError",
    "ServiceUnavailable", "TooManyRequests", "Unauthorized", "UnexpectedAnswer",
    "UnprocessableContent", "__version__", "embedding_values", "metadata",
]
