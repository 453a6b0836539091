import AlignAPI
import HTTPDaemon
import Molecule

extension SearchService {
  static let moleculeOperations = [
    Operation(
      id: "validateMolecule", method: "POST", path: "/v1/molecules/validate", tag: "molecules",
      summary: "Whether a SMILES or molfile states a molecule, and what is wrong with it",
      scope: .read, body: .json(.object(JSONSchema.moleculeMembers)),
      answers: [.json(.reference("MoleculeValidity"))]
    ) { service, request in try await service.compute(request, validity) },
    Operation(
      id: "canonicalizeMolecule", method: "POST", path: "/v1/molecules/canonicalize",
      tag: "molecules", summary: "The one spelling of a molecule",
      text: "Equal molecules have equal SMILES and keys, however they are spelled.", scope: .read,
      body: .json(
        .object(
          JSONSchema.moleculeMembers + [
            .optional("kekule", .boolean.nullable.described("Alternating bonds.")),
            .optional("stereo", .boolean.nullable.described("Stereo marks; default true.")),
            .optional("largest_fragment", .boolean.nullable),
            .optional("neutralize", .boolean.nullable),
            .optional("strip_isotopes", .boolean.nullable),
          ])),
      answers: [.json(.reference("CanonicalMolecule"))]
    ) { service, request in try await service.compute(request, canonicalMolecule) },
    Operation(
      id: "describeMolecule", method: "POST", path: "/v1/molecules/describe", tag: "molecules",
      summary: "Formula, descriptors, groups, rings, stereo and fingerprints of a molecule",
      scope: .read, body: .json(.object(JSONSchema.moleculeMembers)),
      answers: [.json(.reference("MoleculeDescription"))]
    ) { service, request in try await service.compute(request, description) },
    Operation(
      id: "findSubstructure", method: "POST", path: "/v1/molecules/substructure",
      tag: "molecules", summary: "Where a SMARTS pattern occurs in a molecule", scope: .read,
      body: .json(
        .object(
          JSONSchema.moleculeMembers + [
            .required("smarts", .string(1...SearchFilter.textLimit)),
            .optional(
              "use_stereo", .boolean.nullable.described("Marks of the pattern have to hold.")),
          ])),
      answers: [.json(.reference("SubstructureMatches"))]
    ) { service, request in try await service.compute(request, substructure) },
  ]

  static let moleculeSchemas: [(name: String, schema: JSONSchema)] = [
    (
      "MoleculeValidity",
      .object([
        .required("valid", .boolean),
        .required(
          "problems",
          .array(
            of: .object([
              .required("offset", .integer.described("UTF-8 bytes from the start.")),
              .required("detail", .string),
            ]))),
        .optional("canonical_smiles", .string),
      ])
    ),
    (
      "CanonicalMolecule",
      .object([
        .required("canonical_smiles", .string),
        .required("key", .string.described("64 bits in hexadecimal.")),
        .required("formula", .string),
      ])
    ),
    ("MoleculeDescription", moleculeDescription),
    (
      "SubstructureMatches",
      .object([
        .required("matches", .boolean),
        .required(
          "atoms",
          .array(of: .array(of: .integer)).described(
            "For each match the atom of each atom of the pattern, from 0.")),
      ])
    ),
  ]

  private static let moleculeDescription: JSONSchema = {
    let integers = JSONSchema.array(of: .integer)
    let numbers = [
      "molecular_weight", "exact_mass", "log_p", "molar_refractivity", "polar_surface_area",
      "fraction_sp3",
    ]
    let counts = [
      "heavy_atoms", "hydrogen_bond_donors", "hydrogen_bond_acceptors", "rotatable_bonds",
      "rule_of_five_violations",
    ]
    return .object([
      .required("smiles", .string.described("Canonical.")), .required("kekule", .string),
      .required("key", .string), .required("formula", .string), .required("charge", .integer),
      .required("fragments", .integer), .required("stereocentres", .integer),
      .required("stereo_bonds", .integer),
      .required(
        "cip",
        .object([
          .required("atoms", .map(of: .string)), .required("bonds", .map(of: .string)),
          .optional("limited", .boolean),
        ])),
      .required("hydrogens", integers), .required("aromatic_atoms", integers),
      .required(
        "rings",
        .array(
          of: .object([.required("atoms", integers), .required("aromatic", .boolean)]))),
      .required(
        "descriptors",
        .object(
          numbers.map { .required($0, .number) } + counts.map { .required($0, .integer) })),
      .required("scaffold", .string.nullable),
      .required("hybridisation", .array(of: .string)),
      .required(
        "groups",
        .array(
          of: .object([
            .required("id", .string), .required("name", .string), .required("class", .string),
            .required("count", .integer),
          ])
        ).nullable.described("Null where the search for a group was given up.")),
      .required(
        "fingerprints",
        .object([
          .required("morgan2048", .string.described("Hexadecimal, bits 0 to 7 first.")),
          .required("maccs", integers),
        ])),
    ])
  }()
}
