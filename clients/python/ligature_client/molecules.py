"""Molecules: read, spelled, described, searched for patterns, drawn."""
from __future__ import annotations

from typing import Any, Dict, Optional, Sequence

from .caller import Caller
from .types import CanonicalMolecule, MoleculeValidity, StructureRecord, SubstructureMatches


class MoleculeOperations(Caller):
    """A molecule is given by exactly one of `smiles` and `molfile`."""

    def validate_molecule(
        self, *, smiles: Optional[str] = None, molfile: Optional[str] = None
    ) -> MoleculeValidity:
        """Whether it states a molecule, and what is wrong with it."""
        return self._json(
            "POST", "/v1/molecules/validate", body={"smiles": smiles, "molfile": molfile})

    def canonicalize_molecule(
        self, *, smiles: Optional[str] = None, molfile: Optional[str] = None,
        kekule: Optional[bool] = None, stereo: Optional[bool] = None,
        largest_fragment: Optional[bool] = None, neutralize: Optional[bool] = None,
        strip_isotopes: Optional[bool] = None,
    ) -> CanonicalMolecule:
        """The one spelling of a molecule."""
        return self._json("POST", "/v1/molecules/canonicalize", body={
            "smiles": smiles, "molfile": molfile, "kekule": kekule, "stereo": stereo,
            "largest_fragment": largest_fragment, "neutralize": neutralize,
            "strip_isotopes": strip_isotopes})

    def describe_molecule(
        self, *, smiles: Optional[str] = None, molfile: Optional[str] = None
    ) -> Dict[str, Any]:
        """Formula, descriptors, groups, rings, stereo and fingerprints."""
        return self._json(
            "POST", "/v1/molecules/describe", body={"smiles": smiles, "molfile": molfile})

    def find_substructure(
        self, *, smarts: str, smiles: Optional[str] = None, molfile: Optional[str] = None,
        use_stereo: Optional[bool] = None,
    ) -> SubstructureMatches:
        """Where a SMARTS pattern occurs."""
        return self._json("POST", "/v1/molecules/substructure", body={
            "smiles": smiles, "molfile": molfile, "smarts": smarts, "use_stereo": use_stereo})

    def depict_molecule(
        self, *, smiles: Optional[str] = None, molfile: Optional[str] = None,
        width: Optional[int] = None, height: Optional[int] = None, theme: Optional[str] = None,
        format: Optional[str] = None, smarts: Optional[str] = None,
        highlight_atoms: Optional[Sequence[int]] = None,
        atom_weights: Optional[Sequence[float]] = None,
    ) -> bytes:
        """A picture, SVG or PNG."""
        return self._bytes("POST", "/v1/molecules/depict", body={
            "smiles": smiles, "molfile": molfile, "width": width, "height": height,
            "theme": theme, "format": format, "smarts": smarts,
            "highlight_atoms": None if highlight_atoms is None else list(highlight_atoms),
            "atom_weights": None if atom_weights is None else list(atom_weights)})

    def get_depiction(
        self, *, smiles: str, width: Optional[int] = None, height: Optional[int] = None,
        theme: Optional[str] = None, format: Optional[str] = None, smarts: Optional[str] = None,
    ) -> bytes:
        """A picture, by GET: what the address of an img element shows."""
        return self._bytes("GET", "/v1/molecules/depict", query={
            "smiles": smiles, "width": width, "height": height, "theme": theme, "format": format,
            "smarts": smarts})

    def write_structures(self, *, molecules: Sequence[StructureRecord]) -> bytes:
        """Up to 1,000 molecules as a structure-data file, laid out in two dimensions."""
        return self._bytes("POST", "/v1/molecules/sdf", body={"molecules": list(molecules)})
