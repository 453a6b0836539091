// What is wrong, in words, from the newest reading and one about a minute before.

function troubles(now, before) {
  const found = [];
  const add = (state, words) => found.push({ state, words });
  const value = (name, labels) => now.sum(name, labels);
  const grown = (name, labels) => before && before !== now ? (rate(before, now, name, labels) ?? 0) : 0;

  if (value("ligature_ready") === 0) add("bad", "The server is not ready: the model is being loaded, or requests are no longer admitted.");
  if (value("ligature_database_up") === 0) add("bad", "The database does not answer; searches fail until it does.");
  if (value("ligature_follower_connected") === 0) add("warn", "Changes of the database are not heard: searches may show what was.");
  const behind = value("ligature_follower_versions_behind");
  if (behind > 0) add("warn", `Searches are ${counted(behind, "version")} behind the database.`);

  const failing = grown("ligature_http_requests_total", { status: "5xx" });
  const all = grown("ligature_http_requests_total");
  if (failing > 0) add(failing > 0.01 * all ? "bad" : "warn", `${percent(failing / Math.max(all, failing))} of the requests fail.`);
  const refused = grown("ligature_requests_refused_total");
  if (refused > 0) {
    const reasons = now.values("ligature_requests_refused_total", "reason").filter((reason) => grown("ligature_requests_refused_total", { reason }) > 0);
    add("warn", `Requests are refused (${reasons.map((reason) => reason.replaceAll("_", " ")).join(", ")}).`);
  }
  const [depth, limit] = [value("ligature_queue_depth"), value("ligature_queue_limit")];
  if (depth !== null && limit > 0 && depth > 0.8 * limit) add("warn", `The queue is nearly full: ${count(depth)} of ${count(limit)}.`);
  const slow = quantile(0.99, before === now ? null : before, now, "ligature_http_request_duration_seconds", { route: "/v1/search" });
  if (slow > 0.5) add("warn", `One search in a hundred takes longer than ${duration(slow)}.`);

  const drift = value("ligature_semantic_drift");
  if (drift > 0.3) add("warn", `Questions have drifted from what the model was trained on: ${short(drift)}, expected at most 0.3.`);
  for (const { labels, value: ratio } of now.samples("ligature_cache_miss_ratio")) {
    if (ratio > 0.9) add("warn", `The cache of ${labels.cache} hardly helps: ${percent(ratio)} of look-ups miss.`);
  }
  for (const { labels, value: dead } of now.samples("ligature_dead_experts")) {
    if (dead > 0) add("warn", `Layer ${labels.layer}: ${counted(dead, "expert")} never used.`);
  }
  for (const { labels, value: recall } of now.samples("ligature_index_recall_at_10")) {
    if (recall < 0.95) add("warn", `The index of ${labels.corpus} (${labels.side}) finds only ${percent(recall)} of the ten nearest.`);
  }
  const [open, most] = [value("process_open_fds"), value("process_max_fds")];
  if (open > 0.8 * most && most > 0) add("warn", `${count(open)} of ${count(most)} file descriptors are open.`);
  return found;
}
