"""The client: all operations at one address."""
from __future__ import annotations

import ssl
from typing import Optional

from .corpora import CorpusOperations
from .items import ItemOperations
from .jobs import JobOperations
from .molecules import MoleculeOperations
from .retry import RetryPolicy
from .search import SearchOperations
from .service import ServiceOperations
from .transport import Transport

VERSION = "0.1.0"


class Client(
    SearchOperations, MoleculeOperations, ItemOperations, CorpusOperations, JobOperations,
    ServiceOperations,
):
    """Every operation of /openapi.json is a method: its operationId in snake_case, its parameters
    and the members of its body by name.

    Several threads may use one client. Connections are kept; `close`, or a with statement, ends them.
    """

    def __init__(
        self, address: str = "http://127.0.0.1:8080", *, key: Optional[str] = None,
        timeout: float = 30.0, retries: RetryPolicy = RetryPolicy(),
        compress_above: Optional[int] = 16 << 10, context: Optional[ssl.SSLContext] = None,
    ) -> None:
        """`key`: an API key. `timeout`: seconds without a byte. `compress_above`: JSON bodies of more
        bytes go out in gzip, None for none. `context`: how HTTPS certificates are checked."""
        super().__init__(Transport(
            address, key=key, timeout=timeout, retries=retries, compress_above=compress_above,
            context=context, agent=f"ligature-client/{VERSION} Python"))

    def with_timeout(self, seconds: float) -> "Client":
        """The same client, with its connections, and another timeout."""
        copy = object.__new__(Client)
        copy._transport, copy._timeout = self._transport, seconds
        return copy

    def close(self) -> None:
        """Ends the idle connections."""
        self._transport.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
