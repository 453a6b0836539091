import Molecule
import Postgres
import Tensor

/// Every item has its content's key, and one with a molecule all that is computed from it.
///
/// Items of the first version of the schema have neither. Those that turn out to be the same become
/// one: the sources of the others move to it, and embeddings that it lacks.
struct ItemContentCheck: IntegrityCheck {
  let name = "items without key, descriptors, fingerprint or screen"

  private static let incomplete: SQLStatement = """
    (content_key is null or smiles is not null and (
      molecule_key is null or molecular_weight is null or logp is null
      or polar_surface_area is null or fraction_sp3 is null or hydrogen_bond_donors is null
      or hydrogen_bond_acceptors is null or rotatable_bonds is null or rings is null
      or aromatic_rings is null or heavy_atoms is null or total_charge is null
      or fingerprint is null or screen is null))
    """

  func find(_ connection: Connection) throws -> CheckFinding {
    let count: Int = try connection.query(
      "select count(*) from items where \(fragment: Self.incomplete)"
    ).single().value(at: 0)
    if count == 0 { return CheckFinding() }
    let examples = try connection.query(
      """
      select format('item %s', id) from items where \(fragment: Self.incomplete)
      order by id limit \(CheckFinding.exampleLimit)
      """)
    return CheckFinding(count: count, examples: try examples.map { try $0.value(at: 0) })
  }

  /// Items whose SMILES cannot be read stay as they are.
  func repair(_ connection: Connection, batch: Int) throws {
    for corpus in try CorpusStore(connection).all() {
      var last: Int64 = 0
      while true {
        let items = try connection.query(
          """
          select id, smiles, text from items
          where corpus_id = \(corpus.id) and id > \(last) and \(fragment: Self.incomplete)
          order by id limit \(batch)
          """
        ).map(IncompleteItem.init)
        guard let end = items.last else { break }
        last = end.id
        let computed = Self.compute(items)
        if computed.isEmpty { continue }
        try connection.transaction {
          try CorpusLock.changes.take(corpus: corpus.id, connection)
          try ItemMerging(connection: connection, corpus: corpus).store(computed)
        }
      }
    }
  }

  /// Reads molecules and computes on all cores.
  private static func compute(_ items: [IncompleteItem]) -> [ComputedItem] {
    let size = 16
    return Parallel.map((items.count + size - 1) / size, by: 1) { tile in
      var generator = StoredItem.fingerprintGenerator
      return items[tile * size..<min((tile + 1) * size, items.count)].compactMap {
        ComputedItem($0, generator: &generator)
      }
    }.flatMap(\.self)
  }
}

/// An item as far as its content goes.
struct IncompleteItem: Sendable {
  let id: Int64
  let smiles: String?
  let text: String?

  /// Reads `id, smiles, text`.
  init(_ row: Row) throws {
    id = try row.value(at: 0)
    smiles = try row.value(at: 1)
    text = try row.value(at: 2)
  }
}

/// What belongs into an item's columns.
struct ComputedItem: Sendable {
  let id: Int64
  let key: ContentKey
  let molecule: MoleculeColumns?

  /// Nil when the molecule cannot be read.
  init?(_ item: IncompleteItem, generator: inout MorganGenerator) {
    id = item.id
    guard let smiles = item.smiles else {
      key = ContentKey(canonical: [], text: item.text)
      molecule = nil
      return
    }
    guard let graph = try? SMILESReader.read(smiles) else { return nil }
    let canonical = Array(graph.canonicalSMILES([.stereo, .isotopes]).utf8)
    key = ContentKey(canonical: canonical, text: item.text)
    molecule = MoleculeColumns(graph, canonical: canonical, generator: &generator)
  }
}
