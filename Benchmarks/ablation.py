#!/usr/bin/env python3
"""Every part of the model on and off: trains each row with three seeds and writes a table.

    Benchmarks/ablation.py DATA [--work FOLDER] [--seeds 1,2,3] [--rows NAME,...] [--table-only]

DATA holds pairs/ and kg/. Work (default .ligature/ablation) keeps what is finished: a killed run
goes on where it stopped, and a row that is there is not trained again. Only dev.tsv is looked at.
Prints the table of docs/ablation.md.
"""
import argparse
import datetime
import json
import pathlib
import statistics
import subprocess
import sys

SOURCES = [
    ("chemistry", "chebi20"), ("chemistry", "chebi-captions"), ("chemistry", "pubchem-captions"),
    ("chemistry", "pcdes"), ("nomenclature", "iupac-names"),
]
EXPERTS = {"width": 256, "experts": 64, "expertWidth": 8, "chosenExperts": 8}


def backbone(**shape):
    return {"isEnabled": True, "shape": {**EXPERTS, **shape}}


# name, what it is, settings, options. "views" names the row whose fitted views are used.
ROWS = [
    ("default", "the default model", {}, {}),
    ("no-ridge", "without ridge views", {"ridge": {"isEnabled": False}}, {"fit": True}),
    ("ridge-and-lexical", "ridge view of texts beside the lexical one",
     {"ridge": {"shape": {"replacesLexicalView": False}}}, {"fit": True}),
    ("no-hubness", "hubs not held back", {"hubness": {"weight": 0}}, {}),
    ("no-graph-pairs", "without pairs from the knowledge graph", {}, {"fit": True, "graph": False}),
    ("graph-view", "with graph view", {"graphView": {"isEnabled": True}}, {}),
    ("sequence-view", "with sequence view", {"sequenceView": {"isEnabled": True}}, {}),
    ("backbone", "with backbone, 64 experts and domain adapters", {"backbone": backbone()}, {}),
    ("backbone-4096", "with backbone, 4,096 experts by product keys",
     {"backbone": backbone(experts=4096, routing="productKeys")}, {}),
    ("no-domains", "backbone, all texts in the default domain",
     {"backbone": backbone(), "defaultDomainShare": 1}, {}),
    ("fusion", "with knowledge fusion", {"knowledge": {"isEnabled": True}}, {}),
    ("quantum", "with knowledge fusion and two quantum-inspired layers",
     {"knowledge": {"isEnabled": True, "shape": {"circuitLayers": 2}}}, {}),
    ("all-parts", "graph, sequence, backbone and fusion together",
     {"graphView": {"isEnabled": True}, "sequenceView": {"isEnabled": True},
      "backbone": backbone(), "knowledge": {"isEnabled": True}}, {}),
    ("hard-negatives", "batches of near neighbours in the second half",
     {"hardNegatives": {"startShare": 0.5}}, {}),
    ("lion", "Lion in place of AdamW",
     {"optimizer": {"kind": "lion"}, "learningRate": 3e-4}, {}),
    ("large-batch", "batches of 8,192 by gradient caching",
     {"batchSize": 8192, "gradientCacheChunk": 1024}, {}),
    ("distilled", "distilled from the three default models", {}, {"teachers": True}),
]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(".ligature/ablation"))
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--rows", default=",".join(name for name, *_ in ROWS))
    parser.add_argument("--table-only", action="store_true")
    arguments = parser.parse_args()
    seeds = [int(seed) for seed in arguments.seeds.split(",")]
    wanted = arguments.rows.split(",")
    unknown = set(wanted) - {name for name, *_ in ROWS}
    if unknown:
        sys.exit(f"ablation: unknown rows: {', '.join(sorted(unknown))}")
    arguments.work.mkdir(parents=True, exist_ok=True)
    if not arguments.table_only:
        subprocess.run(
            ["swift", "build", "-c", "release", "--product", "ligature"], check=True,
            stdout=sys.stderr)
        binary = subprocess.run(
            ["swift", "build", "-c", "release", "--show-bin-path"], check=True,
            capture_output=True, text=True).stdout.strip() + "/ligature"
        graph = arguments.work / "graph"
        if not graph.exists():
            kg = arguments.data / "kg"
            subprocess.run(
                [binary, "kg", "import", "--terms", kg / "terms.tsv", "--edges",
                 kg / "edges.tsv", "--structures", kg / "structures.tsv", "--out", graph],
                check=True)
        # The first seed of every row comes before the second of any, teachers before their pupils.
        for are_taught in (False, True):
            for seed in seeds:
                for name, _, settings, options in ROWS:
                    if name in wanted and options.get("teachers", False) == are_taught:
                        train(binary, arguments, name, settings, options, seed, seeds)
    print(table(arguments.work, seeds))


def train(binary, arguments, name, settings, options, seed, seeds):
    work, pairs = arguments.work, arguments.data / "pairs"
    out = work / f"{name}-{seed}"
    if out.exists():
        return
    config = work / f"{name}.json"
    config.write_text(json.dumps(settings))
    command = [binary, "train", "--dev", pairs / "dev.tsv", "--pool", pairs / "pool.tsv",
               "--config", config, "--seed", str(seed), "--out", out, "--resume"]
    for domain, file in SOURCES:
        command += ["--pairs", f"{domain}={pairs / file}.tsv"]
    if options.get("graph", True):
        command += ["--knowledge", work / "graph"]
    first = work / (f"{name}-{seeds[0]}" if options.get("fit") else f"default-{seeds[0]}")
    if first != out:
        command += ["--views", first]
    if options.get("teachers"):
        for teacher in seeds:
            command += ["--teacher", work / f"default-{teacher}"]
    print(f"== {name}, seed {seed}", file=sys.stderr, flush=True)
    subprocess.run(command, check=True)
    # What the table needs is small; the vectors of the views are not.
    if not (name == "default" or first == out):
        for file in out.glob("*.safetensors"):
            if file.name != "weights.safetensors":
                file.unlink()


def table(work, seeds):
    lines = [
        "| model | MRR | Hits@1 | Hits@10 | weights | pairs/s | s an epoch |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, words, _, _ in ROWS:
        runs = [read(work / f"{name}-{seed}") for seed in seeds]
        runs = [run for run in runs if run]
        if not runs:
            continue
        cells = []
        for metric in ("mrr", "hits@1", "hits@10"):
            values = [run[metric] for run in runs]
            spread = f" ± {statistics.stdev(values):.3f}" if len(values) > 1 else ""
            cells.append(f"{statistics.mean(values):.3f}{spread}")
        few = "" if len(runs) == len(seeds) else f" ({len(runs)} seed{'s' * (len(runs) > 1)})"
        lines.append(
            f"| {words}{few} | {' | '.join(cells)} | {runs[0]['weights'] / 1e6:.1f} M | "
            f"{max(run['pairs/s'] for run in runs):.0f} | "
            f"{min(run['seconds'] for run in runs):.1f} |")
    machine = next(
        (line.split(":")[1].strip() for line in open("/proc/cpuinfo")
         if line.startswith("model name")), "unknown")
    lines += ["", f"Mean ± standard deviation over seeds {', '.join(map(str, seeds))}. "
              "Pairs a second and seconds an epoch are those of the fastest seed. "
              f"{machine}, {datetime.date.today()}."]
    return "\n".join(lines)


def read(folder):
    if not (folder / "metrics.json").exists():
        return None
    metrics = json.loads((folder / "metrics.json").read_text())["text_to_molecule"]
    epochs = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    with open(folder / "weights.safetensors", "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    header.pop("__metadata__", None)
    weights = 0
    for tensor in header.values():
        count = 1
        for side in tensor["shape"]:
            count *= side
        weights += count
    trained = [epoch for epoch in epochs if not epoch.get("dev")] or epochs
    return {
        **metrics, "weights": weights,
        "pairs/s": statistics.median(epoch["pairs_per_second"] for epoch in trained),
        "seconds": statistics.median(epoch["seconds"] for epoch in trained),
    }


if __name__ == "__main__":
    main()
