"""Search, embeddings, scores and what carried them."""
from __future__ import annotations

import array
import base64
import sys
from typing import List, Optional, Sequence, Union

from .caller import Caller
from .types import (
    Embedding, Embeddings, Explanation, Filter, ItemReference, Pair, Ranking, Scores, SearchAnswer,
    SearchAnswers, SearchRequest, Thing,
)


class SearchOperations(Caller):
    def search(
        self, *, text: Optional[str] = None, smiles: Optional[str] = None,
        molfile: Optional[str] = None, vector: Optional[Sequence[float]] = None, target: Optional[str] = None,
        k: Optional[int] = None, corpus: Optional[str] = None, filter: Optional[Filter] = None,
        ranking: Optional[str] = None, diversity: Optional[float] = None,
        group_by: Optional[str] = None, cursor: Optional[str] = None,
    ) -> SearchAnswer:
        """The molecules or texts that fit exactly one of text, smiles, molfile and vector best."""
        return self._json("POST", "/v1/search", body={
            "text": text, "smiles": smiles, "molfile": molfile, "vector": None if vector is None else list(vector),
            "target": target, "k": k, "corpus": corpus, "filter": filter, "ranking": ranking,
            "diversity": diversity, "group_by": group_by, "cursor": cursor})

    def search_batch(self, *, searches: Sequence[SearchRequest]) -> SearchAnswers:
        """Up to 32 searches at once; one that fails has {"problem": …} in its place."""
        return self._json("POST", "/v1/search/batch", body={"searches": list(searches)})

    def create_embeddings(
        self, *, input: Union[str, Sequence[str]], input_type: Optional[str] = None,
        model: Optional[str] = None, encoding_format: Optional[str] = None,
        dimensions: Optional[int] = None, user: Optional[str] = None,
    ) -> Embeddings:
        """Unit vectors of up to 256 texts or molecules; `embedding_values` reads either format."""
        return self._json("POST", "/v1/embeddings", body={
            "input": input if isinstance(input, str) else list(input), "input_type": input_type,
            "model": model, "encoding_format": encoding_format, "dimensions": dimensions,
            "user": user})

    def get_similarity(self, *, pairs: Sequence[Pair]) -> Scores:
        """Scores of up to 256 pairs; the right is scored as an item that the left looks for."""
        return self._json("POST", "/v1/similarity", body={"pairs": list(pairs)})

    def rank(
        self, *, query: Thing, candidates: Sequence[Thing], k: Optional[int] = None
    ) -> Ranking:
        """Up to 1,000 given candidates in the order of their scores."""
        return self._json("POST", "/v1/rank", body={
            "query": query, "candidates": list(candidates), "k": k})

    def explain_score(
        self, *, query: Thing, target: Union[Thing, ItemReference], method: Optional[str] = None,
        picture: Optional[bool] = None, width: Optional[int] = None, height: Optional[int] = None,
        theme: Optional[str] = None,
    ) -> Explanation:
        """Which atoms and which words carried the score of query and target."""
        return self._json("POST", "/v1/explain", body={
            "query": query, "target": target, "method": method, "picture": picture,
            "width": width, "height": height, "theme": theme})


def embedding_values(embedding: Embedding) -> List[float]:
    """The numbers of an embedding, whether it came as numbers or as Base64."""
    found = embedding["embedding"]
    if not isinstance(found, str):
        return found
    values = array.array("f", base64.b64decode(found, validate=True))
    if sys.byteorder == "big":
        values.byteswap()
    return values.tolist()
