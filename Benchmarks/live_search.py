#!/usr/bin/env python3
"""The measurements of live-search.sh, which see."""
import argparse
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import numpy

MODEL = "data/models/ligature-chebi"
SELECTIVITIES = [0.0001, 0.001, 0.01, 0.1, 0.5, 1.0]


class Service:
    """The program under test with a database of its own."""

    def __init__(self, ligature, work, database=None):
        self.ligature, self.work, self.server, self.database = ligature, work, None, database
        self.environment = {**os.environ, "LIGATURE_HOME": str(work)}
        self.environment.pop("LIGATURE_DATABASE", None)
        if database:
            self.environment["LIGATURE_DATABASE"] = database

    def run(self, *words):
        return subprocess.run(
            [self.ligature, *words], check=True, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout

    def serve(self, *flags):
        """Starts a server; returns the seconds until it is ready."""
        start = time.monotonic()
        self.log = open(self.work / "serve.log", "a")
        self.server = subprocess.Popen(
            [self.ligature, "serve", "--model", MODEL, "--port", "0", *flags],
            env=self.environment, text=True, stdout=subprocess.PIPE, stderr=self.log)
        self.address = self.server.stdout.readline().split()[-1]
        while True:
            try:
                urllib.request.urlopen(self.address + "/readyz", timeout=5).read()
                return time.monotonic() - start
            except (urllib.error.URLError, OSError):
                if self.server.poll() is not None:
                    sys.exit(f"live-search: the server ended, see {self.work}/serve.log")
                time.sleep(0.02)

    def stop(self):
        if self.server:
            self.server.terminate()
            self.server.wait()
            self.server = None

    def post(self, path, body):
        request = urllib.request.Request(
            self.address + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        return json.loads(urllib.request.urlopen(request, timeout=30).read())

    def sql(self, text):
        """Rows of a statement, columns as text."""
        if self.database:
            place = ["-d", self.database]
        elif not hasattr(self, "socket"):
            status = self.run("db", "status")
            self.socket = next(
                line.split()[-1] for line in status.splitlines() if line.startswith("socket"))
            self.port = next(
                path.name.split(".")[-1] for path in pathlib.Path(self.socket).glob(".s.PGSQL.*")
                if not path.name.endswith(".lock"))
        if not self.database:
            place = ["-h", self.socket, "-p", self.port, "-d", "ligature", "-U", "ligature"]
        out = subprocess.run(
            ["psql", "-XAtq", "-F", "\t", *place, "-c", text],
            check=True, text=True, stdout=subprocess.PIPE).stdout
        return [line.split("\t") for line in out.splitlines()]

    def vectors(self, condition="true"):
        """Ids [n] and stored molecule vectors [n, d]."""
        rows = self.sql(
            "select item_id, encode(vector, 'hex') from embeddings where modality = 1 and "
            + condition + " order by item_id")
        ids = numpy.array([int(row[0]) for row in rows], dtype=numpy.int64)
        if not rows:
            return ids, numpy.zeros((0, 1), numpy.float32)
        raw = b"".join(bytes.fromhex(row[1]) for row in rows)
        halves = numpy.frombuffer(raw, "<f2").reshape(len(rows), -1)
        return ids, halves.astype(numpy.float32)

    def queries(self, texts, width):
        """Texts as the vectors that are compared with stored ones."""
        found = []
        for start in range(0, len(texts), 128):
            answer = self.post("/v1/embeddings", {"input": texts[start:start + 128]})
            found += [row["embedding"] for row in answer["data"]]
        matrix = numpy.array(found, numpy.float32)
        # Across modalities the coordinate that holds hubs back counts in full.
        extra = numpy.ones((len(found), width - matrix.shape[1]), numpy.float32)
        return numpy.concatenate([matrix, extra], 1)


def dev_texts(data, count):
    lines = (data / "pairs/dev.tsv").read_text().splitlines()
    column = lines[0].split("\t").index("text")
    return [line.split("\t")[column] for line in lines[1:count + 1]]


def measure_filters(service, data, out, kinds):
    """Recall@10 of filtered searches against NumPy's, by selectivity and kind of index."""
    texts = dev_texts(data, 100)
    rows = dict(
        (int(item), float(value))
        for item, value in service.sql("select item_id, value from item_numbers where name = 'u'"))
    out.append("| selectivity | items | index | recall@10 | fewer than there are | p50 ms | p99 ms |")
    out.append("| ---: | ---: | --- | ---: | ---: | ---: | ---: |")
    for kind in kinds:
        service.serve("--index", kind, "--no-snapshot")
        ids, vectors = service.vectors()
        values = numpy.array([rows[int(item)] for item in ids])
        scores = service.queries(texts, vectors.shape[1]) @ vectors.T
        for share in SELECTIVITIES:
            allowed = values <= share
            exists = int(allowed.sum())
            right = wanted = short = 0
            times = []
            for text, row in zip(texts, scores):
                start = time.perf_counter()
                answer = service.post("/v1/search", {
                    "text": text, "k": 10,
                    "filter": {"property": "u", "max": share}})
                times.append(1000 * (time.perf_counter() - start))
                assert answer["index"]["kind"] == kind
                found = [hit["id"] for hit in answer["results"]]
                best = numpy.sort(row[allowed])[::-1][:10]
                place = {int(item): n for n, item in enumerate(ids)}
                assert all(allowed[place[item]] for item in found), "an item that does not pass"
                right += sum(row[place[item]] >= best[-1] - 1e-4 for item in found)
                wanted += len(best)
                short += len(found) < min(10, exists)
            times.sort()
            out.append(
                f"| {share:.2%} | {exists:,} | {kind} | {right / wanted:.4f} | {short} | "
                f"{statistics.median(times):.1f} | {times[98]:.1f} |")
            print(out[-1], file=sys.stderr, flush=True)
        service.stop()


class Oracle:
    """What must be found, and since when."""

    def __init__(self):
        self.lock = threading.Lock()
        self.ids, self.vectors = numpy.zeros(0, numpy.int64), None
        self.since, self.until = numpy.zeros(0), numpy.zeros(0)

    def add(self, ids, vectors, now):
        with self.lock:
            self.ids = numpy.concatenate([self.ids, ids])
            self.vectors = (
                vectors if self.vectors is None else numpy.concatenate([self.vectors, vectors]))
            self.since = numpy.concatenate([self.since, numpy.full(len(ids), now)])
            self.until = numpy.concatenate([self.until, numpy.full(len(ids), numpy.inf)])

    def remove(self, ids, now):
        with self.lock:
            self.until[numpy.isin(self.ids, ids)] = now

    def view(self):
        with self.lock:
            return self.ids, self.vectors, self.since, self.until.copy()


def measure_changes(service, data, minutes, out, restart):
    """Searches while items are added and deleted; every answer is checked against NumPy."""
    texts = dev_texts(data, 200)
    service.serve("--index", "exact", "--no-snapshot")
    oracle = Oracle()
    ids, vectors = service.vectors()
    oracle.add(ids, vectors, 0)
    queries = service.queries(texts, vectors.shape[1])
    end = time.monotonic() + 60 * minutes
    counts = {"searches": 0, "missing": 0, "duplicates": 0, "wrong": 0, "errors": 0, "stale": 0}
    lags, added, removed, problems = [], [0], [0], []
    stopping = threading.Event()

    def search(seed):
        generator = random.Random(seed)
        while not stopping.is_set():
            number = generator.randrange(len(texts))
            begin = time.monotonic()
            try:
                answer = service.post("/v1/search", {"text": texts[number], "k": 10})
            except (urllib.error.URLError, OSError):
                counts["errors"] += 1
                time.sleep(0.05)
                continue
            done = time.monotonic()
            found = [hit["id"] for hit in answer["results"]]
            scores = {hit["id"]: hit["score"] for hit in answer["results"]}
            known, matrix, since, until = oracle.view()
            row = matrix @ queries[number]
            place = {int(item): n for n, item in enumerate(known)}
            counts["searches"] += 1
            counts["duplicates"] += len(found) - len(set(found))
            # A second is what a server may be behind.
            settled = (since < begin - 1) & (until > done)
            last = min(scores.values()) if scores else -numpy.inf
            for n in numpy.flatnonzero(settled & (row > last + 1e-4)):
                if int(known[n]) not in scores:
                    counts["missing"] += 1
                    problems.append(("missing", int(known[n]), float(row[n]), last))
            for item, score in scores.items():
                if item in place:
                    if abs(row[place[item]] - score) > 2e-3:
                        counts["wrong"] += 1
                        problems.append(("wrong", item, float(row[place[item]]), score))
                    if until[place[item]] < begin - 1:
                        counts["stale"] += 1

    threads = [threading.Thread(target=search, args=(seed,), daemon=True) for seed in range(2)]
    for thread in threads:
        thread.start()
    molecules = (data / "smiles/pubchem-50k.smi").read_text().splitlines()
    generator = random.Random(1)
    turn = 0
    restarted = None
    while time.monotonic() < end:
        turn += 1
        batch = [line.split()[0] for line in molecules[(turn * 200) % 49000:][:200]]
        path = service.work / f"batch-{turn}.smi"
        path.write_text("".join(f"{smiles} new{turn}-{n}\n" for n, smiles in enumerate(batch)))
        newest = int(service.sql("select coalesce(max(id), 0) from items")[0][0])
        service.run("index", "--model", MODEL, "--corpus", str(path), "--name", "live",
                    "--rejects", str(service.work / "rejects.tsv"))
        now = time.monotonic()
        ids, vectors = service.vectors(f"item_id > {newest}")
        if len(ids):
            oracle.add(ids, vectors, now)
            added[0] += len(ids)
            # Its own vector finds the newest item at once, or after the lag.
            probe = {"vector": [float(x) for x in vectors[-1][:queries.shape[1] - 1]],
                     "target": "molecules", "corpus": "live", "k": 1000}
            while True:
                hits = service.post("/v1/search", probe)["results"]
                if any(hit["id"] == int(ids[-1]) for hit in hits) or len(hits) == 1000:
                    break
                time.sleep(0.005)
            lags.append(time.monotonic() - now)
        gone = sorted(generator.sample(list(map(int, oracle.ids[33008:])), min(50, added[0])))
        service.sql(
            "begin; delete from items where id = any('{%s}'); select record_change(id, null, '{}', "
            "'{%s}') from corpora where name = 'live'; commit" % (
                ",".join(map(str, gone)), ",".join(map(str, gone))))
        oracle.remove(numpy.array(gone), time.monotonic())
        removed[0] += len(gone)
        if restart and restarted is None and time.monotonic() > end - 30 * minutes:
            restarted = restart_database(service, texts[0])
        time.sleep(1)
    stopping.set()
    for thread in threads:
        thread.join()
    service.stop()
    out.append("| what | count |")
    out.append("| --- | ---: |")
    out.append(f"| minutes | {minutes:g} |")
    out.append(f"| items added, deleted | {added[0]:,}, {removed[0]:,} |")
    out.append(f"| searches checked | {counts['searches']:,} |")
    out.append(f"| items missing that were there for a second | {counts['missing']} |")
    out.append(f"| items twice in an answer | {counts['duplicates']} |")
    out.append(f"| rows with another item's score | {counts['wrong']} |")
    out.append(f"| items shown a second after they were deleted | {counts['stale']} |")
    if lags:
        lags.sort()
        out.append(
            f"| seconds from the end of `ligature index` until its last item is found: "
            f"median, largest | {statistics.median(lags):.2f}, {lags[-1]:.2f} |")
    if restarted:
        out.append(f"| searches that failed while PostgreSQL restarted | {counts['errors']} |")
        out.append(f"| seconds PostgreSQL was away | {restarted[0]:.1f} |")
        out.append(f"| seconds from its return to the next answer | {restarted[1]:.2f} |")
        out.append(f"| seconds from its return until a new item is found | {restarted[2]:.2f} |")
    for problem in problems[:10]:
        print("problem", *problem, file=sys.stderr)


def restart_database(service, text):
    """Stops and starts PostgreSQL; returns the seconds away, to an answer, to a new item."""
    start = time.monotonic()
    service.run("db", "stop")
    service.run("db", "start")
    back = time.monotonic()
    while True:
        try:
            service.post("/v1/search", {"text": text, "k": 1})
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
    answered = time.monotonic()
    path = service.work / "after.smi"
    path.write_text("CC(=O)Nc1ccc(OC2CC2)c(Cl)c1 after-restart\n")
    service.run("index", "--model", MODEL, "--corpus", str(path), "--name", "live")
    stored = time.monotonic()
    query = {"smiles": "CC(=O)Nc1ccc(OC2CC2)c(Cl)c1", "target": "molecules", "k": 1}
    while True:
        hits = service.post("/v1/search", query)["results"]
        if hits and hits[0]["source_id"] == "after-restart":
            break
        time.sleep(0.01)
    return back - start, answered - back, time.monotonic() - stored


def measure_start(service, out, copies=29):
    """Seconds until a server with a million items is ready, without and with a snapshot."""
    columns = ", ".join(row[0] for row in service.sql(
        "select column_name from information_schema.columns where table_name = 'items' "
        "and column_name not in ('id', 'content_key') order by 1"))
    service.sql(
        f"insert into items (id, {columns}) overriding system value "
        f"select id + n * 10000000, {columns} from items, generate_series(1, {copies}) n")
    service.sql(
        "insert into item_sources (corpus_id, source_id, item_id) select corpus_id, "
        f"n || '-' || source_id, item_id + n * 10000000 from item_sources, "
        f"generate_series(1, {copies}) n where item_id < 10000000")
    service.sql(
        "insert into embeddings (item_id, model_id, modality, checksum, vector, code) select "
        "item_id + n * 10000000, model_id, modality, checksum, vector, code from embeddings, "
        f"generate_series(1, {copies}) n where item_id < 10000000")
    service.sql("analyze")
    items = int(service.sql("select count(*) from items")[0][0])
    first = service.serve()
    answer = service.post("/v1/search", {"text": "a kinase inhibitor", "k": 10})
    status = pathlib.Path(f"/proc/{service.server.pid}/status").read_text()
    resident = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    service.stop()
    second = service.serve()
    again = service.post("/v1/search", {"text": "a kinase inhibitor", "k": 10})
    assert [r["id"] for r in answer["results"]] == [r["id"] for r in again["results"]]
    service.stop()
    folder = pathlib.Path(service.work, "snapshots")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    out.append("| what | measured |")
    out.append("| --- | ---: |")
    out.append(f"| items, index | {items:,}, {answer['index']['kind']} |")
    out.append(f"| seconds to ready, read from PostgreSQL, index built | {first:.1f} |")
    out.append(f"| seconds to ready, from the snapshot | {second:.1f} |")
    out.append(f"| snapshot | {size / 1e9:.2f} GB |")
    out.append(f"| memory of the server | {int(resident) / 1e6:.2f} GB |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--ligature", required=True)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(".ligature/live"))
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--database", help="a server with pgvector, to measure filters there")
    parser.add_argument("--only", default="filters,changes,restart,start")
    arguments = parser.parse_args()
    only = arguments.only.split(",")
    work = arguments.work.resolve()
    service = Service(arguments.ligature, work, arguments.database)
    if not arguments.database:
        subprocess.run([arguments.ligature, "db", "stop"], env=service.environment,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    out = []
    try:
        service.run("db", "migrate" if arguments.database else "start")
        generator = random.Random(2026)
        pool = (arguments.data / "pairs/pool.tsv").read_text().splitlines()
        corpus = work / "pool.tsv"
        corpus.write_text(
            pool[0] + "\tu\n"
            + "".join(f"{line}\t{generator.random():.9f}\n" for line in pool[1:]))
        service.run("index", "--model", MODEL, "--corpus", str(corpus), "--name", "pool",
                    "--rejects", str(work / "rejects.tsv"))
        kinds = ["exact", "coded", "graph"]
        if arguments.database:
            service.run("db", "vectors", "enable", "--model", pathlib.Path(MODEL).name)
            kinds = ["exact", "pgvector"]
        if "filters" in only:
            out.append("\n## Filters\n")
            measure_filters(service, arguments.data, out, kinds)
        if "changes" in only:
            out.append("\n## Changes\n")
            measure_changes(
                service, arguments.data, arguments.minutes, out, restart="restart" in only)
        if "start" in only:
            out.append("\n## Start\n")
            measure_start(service, out)
    finally:
        service.stop()
        if not arguments.database:
            subprocess.run([arguments.ligature, "db", "stop"], env=service.environment,
                           stdout=subprocess.DEVNULL)
    print("\n".join(out))


if __name__ == "__main__":
    main()
