"""Corpora and models."""
from __future__ import annotations

from typing import Any, Dict, Optional

from .caller import Caller, idempotency_key as key_or_new
from .stream import AnswerStream
from .types import Corpus


class CorpusOperations(Caller):
    def list_corpora(self) -> Dict[str, Any]:
        """{"corpora": [Corpus, …]}"""
        return self._json("GET", "/v1/corpora")

    def get_corpus(self, corpus: str) -> Corpus:
        """What a corpus holds."""
        return self._json("GET", "/v1/corpora/{corpus}", {"corpus": corpus})

    def delete_corpus(
        self, corpus: str, *, idempotency_key: Optional[str] = None
    ) -> Dict[str, Any]:
        """Deletes a corpus with everything in it (scope admin)."""
        return self._json(
            "DELETE", "/v1/corpora/{corpus}", {"corpus": corpus},
            headers={"Idempotency-Key": key_or_new(idempotency_key)})

    def export_corpus(self, corpus: str, *, format: Optional[str] = None) -> AnswerStream:
        """A corpus as a file (ndjson, tsv, smi, sdf), in pieces as they come.

        Closed in a with statement; its lines() and objects() read NDJSON.
        """
        return self._stream(
            "GET", "/v1/corpora/{corpus}/export", {"corpus": corpus}, query={"format": format})

    def get_corpus_map(
        self, corpus: str, *, points: Optional[int] = None, descriptor: Optional[str] = None
    ) -> Dict[str, Any]:
        """The molecules of a corpus in the plane."""
        return self._json(
            "GET", "/v1/corpora/{corpus}/map", {"corpus": corpus},
            query={"points": points, "descriptor": descriptor})

    def list_models(self) -> Dict[str, Any]:
        """{"models": […]}: the models of the database and what each has embedded."""
        return self._json("GET", "/v1/models")

    def get_model(self, model: str) -> Dict[str, Any]:
        """A model and what it has embedded."""
        return self._json("GET", "/v1/models/{model}", {"model": model})

    def promote_model(
        self, model: str, *, idempotency_key: Optional[str] = None
    ) -> Dict[str, Any]:
        """Makes a model the one that answers (scope admin)."""
        return self._json(
            "POST", "/v1/models/{model}/promote", {"model": model},
            headers={"Idempotency-Key": key_or_new(idempotency_key)})
