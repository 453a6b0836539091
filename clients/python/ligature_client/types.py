"""The shapes of requests and answers, as /openapi.json states them."""
from __future__ import annotations

from typing import Any, Dict, List, Optional, TypedDict, Union

#: One member of docs/api.md, "Filters": {"descriptor": "logp", "max": 3}, {"and": [...]} …
Filter = Dict[str, Any]


class Thing(TypedDict, total=False):
    """Exactly one of them."""

    text: str
    smiles: str
    molfile: str
    vector: List[float]


class ItemReference(TypedDict):
    item: int


class SearchRequest(Thing, total=False):
    target: str
    k: int
    corpus: str
    filter: Filter
    ranking: str
    diversity: float
    group_by: str
    cursor: str


class _SearchResult(TypedDict):
    rank: int
    id: int
    source_id: str
    source_ids: List[str]
    corpus: str
    score: float
    smiles: Optional[str]
    text: Optional[str]
    properties: Dict[str, Any]


class SearchResult(_SearchResult, total=False):
    ranks: Dict[str, int]
    scaffold: str
    group_size: int


class SearchAnswer(TypedDict):
    model: str
    query: Dict[str, Any]
    results: List[SearchResult]
    index: Optional[Dict[str, Any]]
    cursor: Optional[str]
    milliseconds: Dict[str, float]


class SearchAnswers(TypedDict):
    #: In the order of the searches; {"problem": …} in the place of one that failed.
    answers: List[Dict[str, Any]]


class Embedding(TypedDict):
    object: str
    index: int
    embedding: Union[List[float], str]


class Embeddings(TypedDict):
    object: str
    model: str
    data: List[Embedding]
    dimension: int
    usage: Dict[str, int]


class Pair(TypedDict):
    left: Thing
    right: Thing


class Scores(TypedDict):
    model: str
    scores: List[float]


class RankedCandidate(TypedDict):
    rank: int
    index: int
    score: float


class Ranking(TypedDict):
    model: str
    ranking: List[RankedCandidate]


class _MoleculeValidity(TypedDict):
    valid: bool
    problems: List[Dict[str, Any]]


class MoleculeValidity(_MoleculeValidity, total=False):
    canonical_smiles: str


class CanonicalMolecule(TypedDict):
    canonical_smiles: str
    key: str
    formula: str


class _StructureRecord(TypedDict):
    smiles: str


class StructureRecord(_StructureRecord, total=False):
    """A molecule of a structure-data file: its title and data items."""

    name: str
    fields: Dict[str, str]


class SubstructureMatches(TypedDict):
    matches: bool
    atoms: List[List[int]]


class Explanation(TypedDict):
    model: str
    method: str
    score: float
    baseline: Optional[float]
    atoms: List[Dict[str, Any]]
    words: List[Dict[str, Any]]
    svg: Optional[str]
    milliseconds: Dict[str, float]


class Item(TypedDict):
    id: int
    corpus: str
    source_id: str
    source_ids: List[str]
    smiles: Optional[str]
    text: Optional[str]
    properties: Dict[str, Any]
    updated_at: str


class WrittenItem(Item):
    status: str
    corpus_version: int


class DeletedItem(TypedDict):
    id: int
    corpus: str
    source_id: str
    status: str
    corpus_version: int


class ItemList(TypedDict):
    items: List[Item]
    cursor: Optional[str]


class ItemLine(TypedDict, total=False):
    """source_id, and what it stands for, or delete."""

    source_id: str
    smiles: Optional[str]
    text: Optional[str]
    properties: Optional[Dict[str, Union[str, float, bool]]]
    delete: bool


class _ItemLineResult(TypedDict):
    line: int
    status: str


class ItemLineResult(_ItemLineResult, total=False):
    source_id: str
    id: int
    problem: Dict[str, Any]


class Corpus(TypedDict):
    name: str
    version: int
    created_at: str
    items: int
    molecules: int
    texts: int
    source_ids: int
    models: List[Dict[str, Any]]


class Job(TypedDict):
    id: int
    corpus: str
    model: str
    state: str
    rows: int
    rejects: int
    total_rows: Optional[int]
    share: float
    rows_per_second: float
    created_at: str
    updated_at: str
    problem: Optional[str]


class JobList(TypedDict):
    jobs: List[Job]
    cursor: Optional[str]


class RejectedRow(TypedDict):
    line: int
    field: Optional[str]
    found: str
    expected: str
    raw: str
