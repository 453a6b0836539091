import PrometheusText

extension MetricDescription {
  /// Everything that `/metrics` tells, in its order; docs/metrics.md explains it.
  static let service: [MetricDescription] =
    requests + engine + caches + experts + index + freshness + drift + database + process

  private static let requests = [
    MetricDescription("ligature_http_requests_total", .counter, "Requests answered."),
    MetricDescription(
      "ligature_http_request_duration_seconds",
      .histogram(bounds: [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
      ]), "Time from the complete request to its answer."),
    MetricDescription(
      "ligature_http_requests_in_flight", .gauge, "Requests that are being answered."),
    MetricDescription(
      "ligature_requests_refused_total", .counter,
      "Requests answered with 429 or 503, by what refused them."),
    MetricDescription(
      "ligature_ready", .gauge,
      "1 while the model is loaded and requests are admitted, else 0."),
  ]

  private static let engine = [
    MetricDescription(
      "ligature_stage_duration_seconds",
      .histogram(bounds: [
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
        1, 2.5,
      ]),
      "Time of one stage of a request; batch, encode and search are of its whole batch."),
    MetricDescription(
      "ligature_batch_size", .histogram(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256]),
      "Inputs of a batch."),
    MetricDescription("ligature_queue_depth", .gauge, "Jobs that wait for their batch."),
    MetricDescription("ligature_queue_limit", .gauge, "Jobs that may wait."),
    MetricDescription(
      "ligature_queue_cancelled_total", .counter, "Jobs whose client left before their batch."),
  ]

  private static let caches = [
    MetricDescription(
      "ligature_cache_hits_total", .counter, "Look-ups that found what they looked for."),
    MetricDescription("ligature_cache_misses_total", .counter, "Look-ups that did not."),
    MetricDescription(
      "ligature_cache_evictions_total", .counter, "Entries that made room for newer ones."),
    MetricDescription("ligature_cache_entries", .gauge, "Entries."),
    MetricDescription(
      "ligature_cache_bytes", .gauge, "Bytes of the entries, their bookkeeping included."),
    MetricDescription(
      "ligature_cache_limit_bytes", .gauge, "Bytes that the entries may have."),
    MetricDescription(
      "ligature_cache_miss_ratio", .gauge,
      "Share of misses among the last 1,000 look-ups; absent before there were as many."),
  ]

  private static let experts = [
    MetricDescription(
      "ligature_expert_tokens_total", .counter, "Tokens that an expert worked on."),
    MetricDescription(
      "ligature_expert_utilization_ratio", .gauge,
      "An expert's share of its layer's work; all of a layer add up to 1."),
    MetricDescription(
      "ligature_expert_slot_tokens_total", .counter,
      "Tokens of an expert by the entropy of their hidden state."),
    MetricDescription(
      "ligature_routing_entropy_ratio", .gauge,
      "Mean entropy of the router's distribution over ln E."),
    MetricDescription(
      "ligature_dead_experts", .gauge,
      "Experts without a token; absent before the layer's 1,000th token."),
    MetricDescription(
      "ligature_router_temperature", .gauge,
      "The temperature that the router's logits are divided by."),
  ]

  private static let index = [
    MetricDescription("ligature_index_rows", .gauge, "Vectors that are searched."),
    MetricDescription(
      "ligature_index_bytes", .gauge, "Memory of the vectors, codes and graphs."),
    MetricDescription(
      "ligature_index_recall_at_10", .gauge,
      "Share of the ten nearest that the index found when it was last checked; 1 for exact."),
    MetricDescription("ligature_items", .gauge, "Items in memory, embedded or not."),
  ]

  private static let freshness = [
    MetricDescription(
      "ligature_knowledge_newest_age_seconds", .gauge, "Age of the item that was written last."),
    MetricDescription(
      "ligature_knowledge_median_age_seconds", .gauge, "Median age of all items."),
    MetricDescription(
      "ligature_write_to_searchable_seconds",
      .histogram(bounds: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]),
      "From a write to when searches see it."),
    MetricDescription(
      "ligature_last_write_to_searchable_seconds", .gauge,
      "From the last write to when searches saw it; absent before the first."),
    MetricDescription(
      "ligature_changes_applied_total", .counter,
      "Items written or deleted that were taken over."),
    MetricDescription(
      "ligature_follower_connected", .gauge,
      "1 while changes of the database are heard, else 0."),
    MetricDescription(
      "ligature_follower_connection_losses_total", .counter,
      "Times that the connection was lost."),
    MetricDescription(
      "ligature_follower_versions_behind", .gauge,
      "Versions of all corpora that the database is known to be ahead."),
  ]

  private static let drift = [
    MetricDescription(
      "ligature_semantic_drift", .gauge,
      "1 - cosine of the mean embeddings of the last queries and of training texts in a kernel's space."
    ),
    MetricDescription(
      "ligature_semantic_drift_of_means", .gauge,
      "1 - cosine of the plain mean embeddings; mostly chance, because they are nearly zero."),
    MetricDescription(
      "ligature_semantic_drift_mmd", .gauge,
      "Unbiased estimate of the squared maximum mean discrepancy; may be below 0."),
    MetricDescription(
      "ligature_semantic_drift_auc", .gauge,
      "Area under the curve of a classifier that tells queries from training texts."),
    MetricDescription("ligature_semantic_drift_queries", .gauge, "Queries in the window."),
    MetricDescription(
      "ligature_semantic_drift_reference_texts", .gauge, "Texts in the reference."),
  ]

  private static let database = [
    MetricDescription(
      "ligature_database_up", .gauge,
      "1 when the last connection or statement succeeded, 0 when it did not."),
    MetricDescription("ligature_database_pool_in_use", .gauge, "Connections that are in use."),
    MetricDescription("ligature_database_pool_limit", .gauge, "Connections that there may be."),
    MetricDescription(
      "ligature_database_pool_waiting", .gauge, "Statements that wait for a connection."),
    MetricDescription(
      "ligature_database_pool_wait_seconds",
      .histogram(bounds: [0.0001, 0.001, 0.01, 0.1, 1, 2.5]), "Wait for a connection."),
  ]

  private static let process = [
    MetricDescription(
      "ligature_build_info", .gauge,
      "Always 1; the version, the model and the first digits of its checksum."),
    MetricDescription("process_resident_memory_bytes", .gauge, "Memory that is in RAM."),
    MetricDescription("process_virtual_memory_bytes", .gauge, "Address space."),
    MetricDescription(
      "process_cpu_seconds_total", .counter, "Processor time, user and system."),
    MetricDescription(
      "process_start_time_seconds", .gauge,
      "When the process started, in seconds since 1970."),
    MetricDescription("process_open_fds", .gauge, "Open file descriptors."),
    MetricDescription("process_max_fds", .gauge, "File descriptors that may be open."),
  ]
}
