// The Prometheus text format (0.0.4), and what follows from two readings of it.

/// Samples by metric name: [{ labels, value }].
function parseMetrics(text) {
  const found = new Map();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/.exec(line);
    if (!match) continue;
    const [, name, labelText = "", valueText] = match;
    const labels = {};
    for (const [, label, value] of labelText.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      labels[label] = value.replace(/\\(.)/g, (_, letter) => letter === "n" ? "\n" : letter);
    }
    const value = valueText === "+Inf" ? Infinity : valueText === "-Inf" ? -Infinity : Number(valueText);
    if (!found.has(name)) found.set(name, []);
    found.get(name).push({ labels, value });
  }
  return found;
}

const meets = (sample, labels) => Object.entries(labels).every(([name, value]) => sample.labels[name] === value);

/// One reading: the metrics and when they were read.
class Reading {
  constructor(text, time) {
    this.metrics = parseMetrics(text);
    this.time = time;
  }

  samples(name, labels = {}) { return (this.metrics.get(name) ?? []).filter((sample) => meets(sample, labels)); }
  has(name) { return this.metrics.has(name); }

  /// The sum over all series with these labels; null when there is none.
  sum(name, labels) {
    const some = this.samples(name, labels);
    return some.length === 0 ? null : some.reduce((sum, sample) => sum + sample.value, 0);
  }

  values(name, label) { return [...new Set(this.samples(name).map((sample) => sample.labels[label]))]; }

  /// Cumulative counts by upper bound, series added up.
  buckets(name, labels) {
    const sums = new Map();
    for (const sample of this.samples(`${name}_bucket`, labels)) {
      const bound = sample.labels.le === "+Inf" ? Infinity : Number(sample.labels.le);
      sums.set(bound, (sums.get(bound) ?? 0) + sample.value);
    }
    return [...sums].sort((a, b) => a[0] - b[0]);
  }
}

/// By how much a counter grew each second; null without two readings. A counter that fell began anew.
function rate(before, after, name, labels) {
  if (!before) return null;
  const [old, now] = [before.sum(name, labels), after.sum(name, labels)];
  if (now === null) return null;
  const grown = old === null || now < old ? now : now - old;
  return grown / Math.max(0.001, (after.time - before.time) / 1000);
}

/// A quantile of what a histogram counted between two readings, or ever without the first; as
/// Prometheus's histogram_quantile: linear inside a bucket, the last finite bound beyond it.
function quantile(share, before, after, name, labels) {
  const now = after.buckets(name, labels);
  const old = new Map(before?.buckets(name, labels) ?? []);
  const counts = now.map(([bound, value]) => [bound, Math.max(0, value - (old.get(bound) ?? 0))]);
  const total = counts.at(-1)?.[1] ?? 0;
  if (total === 0) return null;
  const rank = share * total;
  let [lower, below] = [0, 0];
  for (const [bound, value] of counts) {
    if (value >= rank) {
      if (bound === Infinity) return lower;
      return lower + (bound - lower) * (value === below ? 0 : (rank - below) / (value - below));
    }
    [lower, below] = [bound, value];
  }
  return lower;
}
