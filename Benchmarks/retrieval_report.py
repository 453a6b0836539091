"""Writes what Benchmarks/retrieval.py measured: JSON, a table in docs/retrieval.md, a plot."""

import json

MARKS = ("<!-- measured: begin -->", "<!-- measured: end -->")
HEAD = """| index | rows | queries | recall@10 | one query, ms | batch of 64, ms a query | times exact (1; 64) | build, s | memory, MB |
| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |
"""


def write(docs, results):
    (docs / "retrieval.json").write_text(json.dumps(results, indent=1) + "\n")
    page = docs / "retrieval.md"
    before, rest = page.read_text().split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    page.write_text(before + MARKS[0] + "\n" + table(results) + MARKS[1] + after)
    plot(docs / "retrieval.svg", results["rows"])


def times_exact(row, rows, batch):
    """How often faster than our exact 32-bit search of the same rows and queries."""
    if f"ratio {batch}" in row:
        return row[f"ratio {batch}"]
    base = [
        r for r in rows
        if r["what"] == "exact, 32-bit" and r["rows"] == row["rows"] and r["set"] == row["set"]
    ]
    if not base:
        return float("nan")
    return base[0][f"milliseconds {batch}"] / row[f"milliseconds {batch}"]


def table(results):
    rows, lines = results["rows"], HEAD
    for row in sorted(rows, key=lambda r: (-r["rows"], r["set"])):
        ratios = [times_exact(row, rows, batch) for batch in (1, 64)]
        lines += (
            f"| {row['what']} | {row['rows']:,} | {row['set']} | {row['recall']:.4f} "
            f"| {row['milliseconds 1']:.2f} | {row['milliseconds 64']:.2f} "
            f"| {ratios[0]:.1f}; {ratios[1]:.1f} | {row['build']:.1f} "
            f"| {row['memory'] / 1e6:,.0f} |\n"
        )
    machine = results["machine"]
    lines += (
        f"\n{machine['cores']} cores, {machine['processor']}, load {machine['load']:.1f} at the end, "
        f"{machine['date']}, {machine['commit']}, medians of {machine['rounds']}.\n"
    )
    limits = {limit["what"]: limit for limit in results["limits"]}
    exact = [r for r in rows if r["what"] == "exact, 32-bit"]
    largest = max(exact, key=lambda r: r["rows"])
    lines += "\n| limit | measured |\n| --- | --- |\n"
    if "memory" in limits:
        floor = 1000 * largest["scanned"] / limits["memory"]["bandwidth"]
        lines += (
            f"| reading the 32-bit vectors at {limits['memory']['bandwidth'] / 1e9:.1f} GB/s "
            f"| {floor:.1f} ms; exact search of one query takes "
            f"{largest['milliseconds 1'] / floor:.2f} times that |\n"
        )
    if "products" in limits:
        lines += (
            f"| OpenBLAS, products of 64 queries with {limits['products']['rows']:,} rows "
            f"| {limits['products']['openblas']:.2f} ms a query; exact search takes "
            f"{limits['products']['ratio']:.2f} times that |\n"
        )
    if "snapshot" in limits:
        snapshot = limits["snapshot"]
        lines += (
            f"| snapshot of {snapshot['rows']:,} × {snapshot['dimension']}, 16-bit "
            f"| written in {snapshot['write']:.1f} s, read in {snapshot['read']:.1f} s |\n"
        )
    if "error" in limits.get("pgvector", {}):
        lines += f"| pgvector | not measured: {limits['pgvector']['error']} |\n"
    return lines


def plot(path, rows):
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "ligature"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(10, 4.2), sharey=True)
    names = list(dict.fromkeys(row["what"] for row in rows))
    for axis, batch in zip(axes, (1, 64)):
        for number, name in enumerate(names):
            some = [row for row in rows if row["what"] == name]
            axis.scatter(
                [times_exact(row, rows, batch) for row in some],
                [row["recall"] for row in some],
                label=name, color=f"C{number % 10}", marker="osD^"[number // 10],
            )
        axis.set_xscale("log")
        axis.set_xlabel("times as fast as exact 32-bit search of the same rows")
        axis.set_title("one query" if batch == 1 else "batches of 64")
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("recall@10")
    axes[1].legend(fontsize=7, loc="lower left")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
