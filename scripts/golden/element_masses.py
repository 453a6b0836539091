"""Writes the table of atomic masses: python3 scripts/golden/element_masses.py

Source: the periodic table and isotope list of RDKit, which are the IUPAC standard atomic weights
and the atomic masses of the Blue Obelisk Data Repository (NIST). Target:
Sources/Molecule/Descriptors/Element+MassTable.swift.
"""

import pathlib

import rdkit
from rdkit import Chem

TARGET = pathlib.Path(__file__).parents[2] / "Sources/Molecule/Descriptors/Element+MassTable.swift"
table = Chem.GetPeriodicTable()


def wrap(items, indent="    "):
    lines, line = [], indent
    for item in items:
        if len(line) + len(item) + 1 > 99:
            lines.append(line.rstrip())
            line = indent
        line += item + " "
    return lines + [line.rstrip()]


def main():
    averages = [repr(table.GetAtomicWeight(z)) for z in range(1, 119)]
    common = [repr(table.GetMostCommonIsotopeMass(z)) for z in range(1, 119)]
    isotopes = []
    for z in range(1, 119):
        row = [(a, table.GetMassForIsotope(z, a)) for a in range(1, 400)]
        row = [(a, mass) for a, mass in row if mass > 0]
        if row:
            isotopes.append(f"{z}:{row[0][0]}")
            numbers = [a for a, _ in row]
            assert numbers == list(range(numbers[0], numbers[-1] + 1)), z
            isotopes += [repr(mass) for _, mass in row]
    text = [
        f"// Made by scripts/golden/element_masses.py from the tables of RDKit {rdkit.__version__}",
        "// (IUPAC standard atomic weights; isotope masses of the Blue Obelisk Data Repository).",
        "// Do not edit.",
        "",
        "extension Element {",
        "  /// Mean masses of elements 1–118 in u, the mass number of a long-lived isotope where there",
        "  /// is no natural mixture.",
        '  static let averageMassText = """',
        *[line + " \\" for line in wrap(averages)[:-1]],
        wrap(averages)[-1],
        '    """',
        "",
        "  /// Mass of the most abundant isotope of elements 1–118 in u.",
        '  static let commonMassText = """',
        *[line + " \\" for line in wrap(common)[:-1]],
        wrap(common)[-1],
        '    """',
        "",
        "  /// For each element `number:first mass number`, then the masses of consecutive isotopes in u.",
        '  static let isotopeMassText = """',
        *[line + " \\" for line in wrap(isotopes)[:-1]],
        wrap(isotopes)[-1],
        '    """',
        "}",
        "",
    ]
    TARGET.write_text("\n".join(text))


if __name__ == "__main__":
    main()
