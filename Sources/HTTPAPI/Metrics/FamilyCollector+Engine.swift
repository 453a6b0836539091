import AlignAPI
import Alignment
import Foundation
import MoEBackbone
import PrometheusText
import Retrieval
import Tensor

extension FamilyCollector {
  /// Corpora with a label of their own.
  private static let namedCorpora = 50
  /// Experts with a label of their own.
  private static let namedExperts = 256
  /// Experts with a label of their own where there are slots besides.
  private static let namedSlotExperts = 64
  private static let slots = 16
  /// Tokens from which on an expert without any is dead.
  private static let deadAfterTokens: UInt64 = 1000

  /// What an engine knows of itself.
  mutating func add(_ engine: SearchEngine, ages: KnowledgeAges?) {
    add("ligature_queue_depth", engine.waitingCount)
    add("ligature_queue_limit", engine.inference.queueLimit)
    let caches = engine.cacheStatus
    add(caches.embeddings, "embeddings")
    add(caches.answers, "answers")
    add(caches.rows, "rows")
    addExperts(engine)
    add(engine.corpora)
    addFreshness(engine, ages)
    if let drift = engine.drift {
      let statistics = drift.statistics
      add("ligature_semantic_drift", statistics?.drift)
      add("ligature_semantic_drift_of_means", statistics?.meanDistance)
      add("ligature_semantic_drift_mmd", statistics?.discrepancy)
      add("ligature_semantic_drift_auc", statistics?.separability)
      add("ligature_semantic_drift_queries", drift.queryCount)
      add("ligature_semantic_drift_reference_texts", drift.reference.sample.rows)
    }
    let database = engine.database
    let load = database.load
    // A connection that is broken is noticed by the follower, even when nobody searches.
    let follower = engine.follower.status
    let isUp = follower.isConnected || follower.problem == nil && database.isUp
    add("ligature_database_up", isUp ? 1 : 0)
    add("ligature_database_pool_in_use", load.inUse)
    add("ligature_database_pool_limit", database.limit)
    add("ligature_database_pool_waiting", load.waiting)
  }

  private mutating func add(_ cache: CacheStatus, _ name: String) {
    let label = [MetricFamily.Label("cache", name)]
    add("ligature_cache_hits_total", cache.hits, label)
    add("ligature_cache_misses_total", cache.misses, label)
    add("ligature_cache_evictions_total", cache.evictions, label)
    add("ligature_cache_entries", cache.entries, label)
    add("ligature_cache_bytes", cache.bytes, label)
    add("ligature_cache_limit_bytes", cache.limit, label)
    add("ligature_cache_miss_ratio", cache.missRatio, label)
  }

  private mutating func addExperts(_ engine: SearchEngine) {
    guard let activity = engine.model.expertActivity?.counts else { return }
    let temperatures = engine.model.routerTemperatures
    for (place, counts) in activity.enumerated() {
      let layer = MetricFamily.Label("layer", "\(place)")
      let loads = counts.capacity.loads
      let total = Double(max(1, loads.reduce(0, +)))
      for (expert, load) in Self.grouped(loads, named: Self.namedExperts) {
        let labels = [layer, MetricFamily.Label("expert", expert)]
        add("ligature_expert_tokens_total", load, labels)
        add("ligature_expert_utilization_ratio", Double(load) / total, labels)
      }
      for slot in 0..<Self.slots {
        let column = counts.capacity.grouped(slots: Self.slots).map { $0[slot] }
        for (expert, count) in Self.grouped(column, named: Self.namedSlotExperts) where count > 0 {
          add(
            "ligature_expert_slot_tokens_total", count,
            [layer, MetricFamily.Label("expert", expert), MetricFamily.Label("slot", "\(slot)")])
        }
      }
      add("ligature_routing_entropy_ratio", counts.entropy, [layer])
      if counts.capacity.tokens >= Self.deadAfterTokens {
        add("ligature_dead_experts", counts.capacity.deadExperts.count, [layer])
      }
      add("ligature_router_temperature", Double(temperatures[place]), [layer])
    }
  }

  /// Counts by label, those behind the named ones together as `other`.
  private static func grouped(_ counts: [UInt64], named: Int) -> [(label: String, count: UInt64)] {
    var groups = counts.prefix(named).enumerated().map { ("\($0.offset)", $0.element) }
    if counts.count > named { groups.append(("other", counts.dropFirst(named).reduce(0, +))) }
    return groups
  }

  private mutating func add(_ corpora: LoadedCorpora) {
    struct Series: Hashable {
      let corpus: String
      let side: String
      let kind: IndexKind
    }
    var order: [Series] = []
    var sums: [Series: (rows: Int, bytes: Int, recall: Double)] = [:]
    for (place, corpus) in corpora.corpora.enumerated() {
      let name = place < Self.namedCorpora ? corpus.name : "other"
      for (side, index) in [("molecules", corpus.molecules), ("texts", corpus.texts)] {
        let series = Series(corpus: name, side: side, kind: index.kind)
        if sums[series] == nil { order.append(series) }
        let sum = sums[series] ?? (0, 0, 1)
        sums[series] = (
          sum.rows + index.liveCount, sum.bytes + index.memoryBytes,
          min(sum.recall, index.recall?.recallAt10 ?? 1)
        )
      }
    }
    for series in order {
      guard let sum = sums[series] else { continue }
      let labels = [
        MetricFamily.Label("corpus", series.corpus), MetricFamily.Label("side", series.side),
        MetricFamily.Label("kind", series.kind.rawValue),
      ]
      add("ligature_index_rows", sum.rows, labels)
      add("ligature_index_bytes", sum.bytes, labels)
      add("ligature_index_recall_at_10", sum.recall, labels)
    }
    add("ligature_items", corpora.itemCount)
  }

  private mutating func addFreshness(_ engine: SearchEngine, _ ages: KnowledgeAges?) {
    let now = Date().timeIntervalSince1970
    add("ligature_knowledge_newest_age_seconds", ages.map { max(0, now - $0.newest) })
    add("ligature_knowledge_median_age_seconds", ages.map { max(0, now - $0.median) })
    let status = engine.follower.status
    add("ligature_last_write_to_searchable_seconds", status.lastLag)
    add("ligature_changes_applied_total", status.itemsApplied)
    add("ligature_follower_connected", status.isConnected ? 1 : 0)
    add("ligature_follower_connection_losses_total", status.connectionLosses)
    add("ligature_follower_versions_behind", status.versionsBehind)
  }
}
