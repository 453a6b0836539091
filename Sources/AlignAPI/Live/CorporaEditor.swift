import Alignment
import Retrieval
import Tensor

/// Vectors of some items, sorted by corpus.
struct VectorsByCorpus: Sendable {
  let dimension: Int
  private var builders: [Int64: ExactIndex.Builder] = [:]

  init(dimension: Int) { self.dimension = dimension }

  mutating func append(_ bytes: Span<UInt8>, item: Int64, corpus: Int64) throws {
    do throws(VectorError) {
      try builders[corpus, default: ExactIndex.Builder(dimension: dimension)]
        .append(id: item, littleEndianHalves: bytes)
    } catch {
      throw VectorLoaderError.badVector(error)
    }
  }

  /// What has come, by the corpus's id.
  func finished() -> [Int64: ExactIndex] { builders.mapValues { $0.build() } }
}

/// Makes pictures of the corpora while their items come and go.
///
/// Owned by one thread at a time; pictures that were handed out stay as they are.
struct CorporaEditor: Sendable {
  /// The number of values of each vector that is held.
  let dimension: Int
  let policy: IndexPolicy
  /// The epoch of the database that is read.
  let epoch: String
  private var corpora: [Int64: LoadedCorpora.Corpus] = [:]
  private var items: ItemTableEditor

  init(
    dimension: Int, policy: IndexPolicy, epoch: String,
    items: ItemTableEditor = ItemTableEditor()
  ) {
    self.dimension = dimension
    self.policy = policy
    self.epoch = epoch
    self.items = items
  }

  /// The corpora as they stand.
  var loaded: LoadedCorpora {
    LoadedCorpora(corpora: Array(corpora.values), items: items.table, epoch: epoch)
  }

  /// The version of each corpus, by its id.
  var versions: [Int64: Int64] { corpora.mapValues(\.version) }

  func corpus(of item: Int64) -> Int64? { items.corpus(of: item) }

  /// Adds a corpus without items.
  mutating func add(_ corpus: CorpusVersion) {
    let empty = UpdatableIndex(
      policy.index(of: ExactIndex.Builder(dimension: dimension).build(), queries: nil))
    corpora[corpus.id] = LoadedCorpora.Corpus(
      id: corpus.id, name: corpus.name, version: corpus.version, molecules: empty, texts: empty)
  }

  mutating func put(_ item: StoredItem) { items.put(item) }

  /// Builds the indexes of both sides, or of one.
  ///
  /// `samples` are some vectors of sides that are not built, with which recall is measured.
  mutating func build(
    _ vectors: [Modality: [Int64: ExactIndex]], samples: [Modality: [Int64: ExactIndex]]
  ) {
    for (modality, corpora) in vectors {
      let others = vectors[modality.other] ?? samples[modality.other]
      for (id, exact) in corpora {
        let index = policy.index(
          of: exact,
          queries: policy.recallQueries(other: others?[id]?.vectors, same: exact.vectors))
        replace(UpdatableIndex(index), id, modality)
      }
    }
  }

  /// Takes over what was read of items that a corpus's changes name.
  ///
  /// Named items that were not found are gone; a side of which no vector was found has none.
  mutating func apply(
    _ named: [Int64], found: [StoredItem], vectors: [Modality: VectorsByCorpus], to corpus: Int64,
    version: Int64
  ) throws(VectorError) {
    let here = Set(found.map(\.id))
    for id in named where !here.contains(id) { items.remove(id) }
    for item in found { items.put(item) }
    if items.isSparse { items.compact() }
    for (modality, all) in vectors {
      let fresh = all.finished()[corpus]
      guard var index = index(corpus, modality) else { continue }
      index = index.removing(ids: named)
      if let fresh { index = try index.adding(fresh) }
      replace(index, corpus, modality)
    }
    corpora[corpus]?.version = version
  }

  /// The items of a corpus.
  func items(of corpus: Int64) -> [Int64] {
    items.table.items { $0.corpora[$1] == corpus }.sorted()
  }

  /// Forgets a corpus that the database has no more.
  mutating func drop(_ corpus: Int64) {
    corpora[corpus] = nil
    for id in items(of: corpus) { items.remove(id) }
    if items.isSparse { items.compact() }
  }

  /// Indexes that have grown so much beside their base that building anew is worth it.
  var worn: [(corpus: Int64, modality: Modality)] {
    corpora.values.flatMap { corpus in
      [(corpus.id, Modality.molecule, corpus.molecules), (corpus.id, .text, corpus.texts)]
        .filter { $0.2.needsCompaction }.map { ($0.0, $0.1) }
    }
  }

  /// The index of one side of a corpus.
  func index(_ corpus: Int64, _ modality: Modality) -> UpdatableIndex? {
    modality == .molecule ? corpora[corpus]?.molecules : corpora[corpus]?.texts
  }

  /// Puts an index in the place of one with the same items.
  mutating func replace(_ index: UpdatableIndex, _ corpus: Int64, _ modality: Modality) {
    switch modality {
    case .molecule: corpora[corpus]?.molecules = index
    case .text: corpora[corpus]?.texts = index
    }
  }
}
