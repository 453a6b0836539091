// Health: what /metrics says, drawn, and in words what is wrong.

const healthSeconds = 5;
const healthReadings = 120;

/// Readings outlive the view, so that coming back shows what was.
const readings = [];

const healthCharts = () => [
  [new Chart("Requests a second", (value) => `${short(value)}/s`), (before, now) => now.values("ligature_http_requests_total", "status").sort()
    .map((status) => ["answered " + status, rate(before, now, "ligature_http_requests_total", { status })])],
  [new Chart("Time of a request", duration), (before, now) => [["median", 0.5], ["95 %", 0.95], ["99 %", 0.99]]
    .map(([words, share]) => [words, quantile(share, before, now, "ligature_http_request_duration_seconds", {})])],
  [new Chart("95 % of each stage within", duration, { hasHeadline: false }), (before, now) => ["queue", "encode", "search", "database", "filter", "rerank"]
    .map((stage) => [stage, quantile(0.95, before, now, "ligature_stage_duration_seconds", { stage })])],
  [new Chart("Jobs in the queue", short, { floor: 4 }), (_, now) => [["waiting", now.sum("ligature_queue_depth")]]],
  [new Chart("Cache hits", (value) => percent(value), { floor: 1 }), (before, now) => now.values("ligature_cache_hits_total", "cache")
    .map((cache) => [cache, hitShare(before, now, cache)])],
  [new Chart("Write to searchable", duration), (_, now) => [["last write", now.sum("ligature_last_write_to_searchable_seconds")]]],
  [new Chart("Semantic drift", short, { floor: 0.3 }), (_, now) => [["drift", now.sum("ligature_semantic_drift")], ["MMD", now.sum("ligature_semantic_drift_mmd")], ["AUC", now.sum("ligature_semantic_drift_auc")]]],
  [new Chart("Database connections", short, { floor: 4 }), (_, now) => [["in use", now.sum("ligature_database_pool_in_use")], ["waiting", now.sum("ligature_database_pool_waiting")]]],
  [new Chart("Memory", bytes), (_, now) => [["resident", now.sum("process_resident_memory_bytes")], ["indexes", now.sum("ligature_index_bytes")]]],
  [new Chart("Processor", (value) => percent(value, 0)), (before, now) => [["of one core", rate(before, now, "process_cpu_seconds_total")]]],
];

function hitShare(before, now, cache) {
  const hits = rate(before, now, "ligature_cache_hits_total", { cache });
  const misses = rate(before, now, "ligature_cache_misses_total", { cache });
  return hits === null || hits + misses === 0 ? null : hits / (hits + misses);
}

views.health = {
  title: "Health",
  async show(root, parameters, signal) {
    const verdict = h("section", { class: "stack", "aria-label": "Verdict", role: "status" }, h("p", { class: "empty" }, "Reading the metrics…"));
    const figures = h("dl", { class: "figures" });
    const charts = healthCharts();
    const grid = h("div", { class: "charts" }, charts.map(([chart]) => chart.element));
    for (const [chart] of charts) chart.element.hidden = true;
    const tables = h("div", { class: "columns" });
    root.append(h("div", { class: "page-head" }, h("h1", {}, "Health"), h("span", { class: "muted small" }, `read every ${healthSeconds} s while this page is open`)),
      h("div", { class: "stack" }, verdict, figures, grid, tables));
    const paint = () => { if (readings.length > 0) paintHealth(verdict, figures, charts, tables); };
    addEventListener("themechange", paint, { signal });
    addEventListener("resize", debounced(150, paint), { signal });
    let failures = 0;
    while (!signal.aborted) {
      try {
        const text = await (await send("/metrics", { signal, patience: 0 })).text();
        readings.push(new Reading(text, performance.now()));
        if (readings.length > healthReadings) readings.shift();
        failures = 0;
        paint();
      } catch (error) {
        if (error.name === "AbortError") return;
        failures += 1;
        verdict.replaceChildren(error.status === 404
          ? h("p", { class: "notice warn" }, "This server publishes no metrics.") : problemNotice(error));
        if (error.status === 404 || error.status === 401 || error.status === 403) return;
      }
      await pause(healthSeconds, signal).catch(() => {});
    }
  },
};

function paintHealth(verdict, figures, charts, tables) {
  const now = readings.at(-1);
  const before = readings.at(-2);
  const wrong = troubles(now, readings.at(-13) ?? readings[0]);
  const sentence = wrong.length === 0 ? "Everything is as it should be." : `${counted(wrong.length, "thing")} to look at.`;
  const text = [sentence, ...wrong.map((one) => one.words)].join(" ");
  if (verdict.dataset.text !== text) {
    verdict.dataset.text = text;
    verdict.replaceChildren(h("div", { class: `notice ${wrong.some((one) => one.state === "bad") ? "bad" : wrong.length > 0 ? "warn" : "good"}` },
      h("b", {}, sentence), wrong.length > 0 && h("ul", {}, wrong.map((one) => h("li", {}, one.words)))));
  }
  const shown = (name, value, show) => value === null ? null : figure(name, show(value));
  const started = now.sum("process_start_time_seconds");
  figures.replaceChildren(...[
    shown("Requests a second", rate(before, now, "ligature_http_requests_total"), short),
    shown("Median request, since start", quantile(0.5, null, now, "ligature_http_request_duration_seconds", {}), duration),
    shown("99 % within, since start", quantile(0.99, null, now, "ligature_http_request_duration_seconds", {}), duration),
    shown("Items", now.sum("ligature_items"), count), shown("Newest item", now.sum("ligature_knowledge_newest_age_seconds"), duration),
    shown("Median age of items", now.sum("ligature_knowledge_median_age_seconds"), duration),
    shown("Running for", started === null ? null : Date.now() / 1000 - started, duration),
  ].filter(Boolean));
  const times = readings.map((reading) => reading.time);
  for (const [chart, series] of charts) {
    const words = series(before, now).map(([name]) => name);
    const columns = readings.map((reading, place) => new Map(series(readings[place - 1], reading)));
    chart.paint(words.map((name) => ({ words: name, values: columns.map((column) => column.get(name) ?? null) })), times);
  }
  tables.replaceChildren(...[indexTable(now), expertBars(now)].filter(Boolean));
}

function indexTable(now) {
  const rows = now.samples("ligature_index_rows");
  if (rows.length === 0) return null;
  return h("section", { class: "panel", "aria-label": "Indexes" }, h("h2", {}, "Indexes"), scrolled(h("table", {},
    h("thead", {}, h("tr", {}, ["Corpus", "Side", "Kind", "Vectors", "Memory", "Recall@10"].map((name, place) => h("th", { scope: "col", class: place > 2 ? "number" : "" }, name)))),
    h("tbody", {}, rows.filter((row) => row.value > 0).map(({ labels, value }) => h("tr", {}, h("th", { scope: "row" }, labels.corpus), h("td", {}, labels.side), h("td", {}, labels.kind),
      h("td", { class: "number" }, count(value)), h("td", { class: "number" }, bytes(now.sum("ligature_index_bytes", labels) ?? 0)),
      h("td", { class: "number" }, short(now.sum("ligature_index_recall_at_10", labels)))))))));
}

function expertBars(now) {
  const layers = now.values("ligature_expert_utilization_ratio", "layer");
  if (layers.length === 0) return null;
  return h("section", { class: "panel stack", "aria-label": "Expert utilisation" }, h("h2", {}, "Expert utilisation"), layers.map((layer) => {
    const shares = now.samples("ligature_expert_utilization_ratio", { layer });
    const most = Math.max(...shares.map((one) => one.value), 1e-9);
    const canvas = h("canvas", { class: "heat", width: shares.length * 4, height: 40, role: "img",
      "aria-label": `Layer ${layer}: ${shares.length} experts, the busiest does ${percent(most)} of the work` });
    const context = canvas.getContext("2d");
    context.fillStyle = colour("--accent");
    shares.forEach((one, place) => context.fillRect(place * 4, 40 - 40 * one.value / most, 3, 40 * one.value / most));
    canvas.style.height = "60px";
    return h("div", {}, h("p", { class: "small muted" }, `Layer ${layer}: routing entropy ${short(now.sum("ligature_routing_entropy_ratio", { layer }))}, busiest expert ${percent(most)}`), canvas);
  }));
}
