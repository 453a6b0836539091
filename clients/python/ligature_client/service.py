"""What runs at the address, and how it is."""
from __future__ import annotations

from typing import Any, Dict

from .caller import Caller


class ServiceOperations(Caller):
    def get_info(self) -> Dict[str, Any]:
        """Version, model, corpora and limits."""
        return self._json("GET", "/v1/info")

    def get_experts(self) -> Dict[str, Any]:
        """What the model's experts have done since it was loaded."""
        return self._json("GET", "/v1/experts")

    def get_metrics(self) -> str:
        """The metrics in the Prometheus text format."""
        return self._bytes("GET", "/metrics").decode()

    def get_description(self) -> Dict[str, Any]:
        """The API in OpenAPI 3.1."""
        return self._json("GET", "/openapi.json")

    def get_liveness(self) -> str:
        """"live" while the process runs; asked once."""
        return self._bytes("GET", "/livez", repeatable=False).decode().strip()

    def get_readiness(self) -> str:
        """"ready"; throws ServiceUnavailable with the reason until then. Asked once."""
        return self._bytes("GET", "/readyz", repeatable=False).decode().strip()
