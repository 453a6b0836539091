"""Items of corpora: one at a time, many at once."""
from __future__ import annotations

import json
import tempfile
from typing import Any, BinaryIO, Dict, Iterable, Iterator, Optional, Union, cast

from .caller import Caller, idempotency_key
from .stream import AnswerStream
from .types import DeletedItem, Item, ItemLine, ItemLineResult, ItemList, WrittenItem

_ITEM = "/v1/corpora/{corpus}/items/{source_id}"


class ItemOperations(Caller):
    """Writes carry an idempotency key, a new one unless it is given: sent again, they are done once."""

    def list_items(
        self, corpus: str, *, limit: Optional[int] = None, cursor: Optional[str] = None
    ) -> ItemList:
        """A page of items, by ascending number; `every_item` reads all pages."""
        return self._json(
            "GET", "/v1/corpora/{corpus}/items", {"corpus": corpus},
            query={"limit": limit, "cursor": cursor})

    def every_item(self, corpus: str, *, limit: int = 100) -> Iterator[Item]:
        """All items of a corpus, read in pages of `limit`."""
        cursor: Optional[str] = None
        while True:
            page = self.list_items(corpus, limit=limit, cursor=cursor)
            yield from page["items"]
            cursor = page["cursor"]
            if cursor is None:
                return

    def get_item(self, corpus: str, source_id: str) -> Item:
        """The item that a source id stands for; `metadata(item).etag` is its entity tag."""
        return self._json("GET", _ITEM, {"corpus": corpus, "source_id": source_id})

    def get_item_by_number(self, id: int) -> Item:
        """An item by its number in results."""
        return self._json("GET", "/v1/items/{id}", {"id": id})

    def put_item(
        self, corpus: str, source_id: str, *, smiles: Optional[str] = None,
        text: Optional[str] = None,
        properties: Optional[Dict[str, Union[str, float, bool]]] = None,
        if_match: Optional[str] = None, if_none_match: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> WrittenItem:
        """Adds an item or changes it; answered when it is committed."""
        return self._json(
            "PUT", _ITEM, {"corpus": corpus, "source_id": source_id},
            body={"smiles": smiles, "text": text, "properties": properties},
            headers=_write(idempotency_key, if_match, if_none_match))

    def delete_item(
        self, corpus: str, source_id: str, *, if_match: Optional[str] = None,
        if_none_match: Optional[str] = None, idempotency_key: Optional[str] = None,
    ) -> DeletedItem:
        """Deletes a source id, and the item when it was its last."""
        return self._json(
            "DELETE", _ITEM, {"corpus": corpus, "source_id": source_id},
            headers=_write(idempotency_key, if_match, if_none_match))

    def write_items(
        self, corpus: str, items: Iterable[ItemLine], *, idempotency_key: Optional[str] = None
    ) -> Iterator[ItemLineResult]:
        """Puts and deletes many items; one result for each, in order, once it is committed.
        """
        # A file, so that any number of lines fits and a request that failed can be sent again.
        with tempfile.TemporaryFile() as lines:
            for item in items:
                lines.write(json.dumps(item, ensure_ascii=False, allow_nan=False).encode() + b"\n")
            size = lines.tell()
            lines.seek(0)
            headers = {
                "Content-Type": "application/x-ndjson", "Content-Length": str(size),
                **_write(idempotency_key)}
            stream = self._stream(
                "POST", "/v1/corpora/{corpus}/items", {"corpus": corpus}, headers=headers,
                body=cast(BinaryIO, lines))
        return _results(stream)


def _results(stream: AnswerStream) -> Iterator[ItemLineResult]:
    with stream:
        yield from stream.objects()


def _write(
    key: Optional[str], if_match: Optional[str] = None, if_none_match: Optional[str] = None
) -> Dict[str, Any]:
    return {
        "Idempotency-Key": idempotency_key(key), "If-Match": if_match, "If-None-Match": if_none_match}
