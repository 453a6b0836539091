#!/usr/bin/env bash
# Measures the whole job on public data, one stage after another, and prints a table:
# train → evaluate → index → serve → search under load.
#
#   Benchmarks/main-job.sh DATA [WORK]
#
# DATA holds pairs/{chebi20,chebi-captions,pubchem-captions,pcdes,iupac-names,dev,pool}.tsv and
# kg/{terms,edges,structures}.tsv; WORK (default .ligature/benchmark) is made anew: a model, and a
# database of its own.
# Run it on an idle machine; needs wrk and GNU time.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { sed -n '2,10p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 64; }
pairs=$1/pairs
work=$(realpath -m "${2:-.ligature/benchmark}")
for tool in wrk /usr/bin/time curl; do
  command -v "$tool" >/dev/null || { echo "main-job: $tool is missing (apt-get install wrk time curl)" >&2; exit 1; }
done

swift build -c release --product ligature >&2
ligature=$(swift build -c release --show-bin-path)/ligature
export LIGATURE_HOME="$work"
unset LIGATURE_DATABASE
"$ligature" db stop >/dev/null 2>&1 || true
rm -rf "$work"
mkdir -p "$work"
server=
stop() {
  [ -z "$server" ] || { kill -TERM "$server" 2>/dev/null && wait "$server" || true; }
  "$ligature" db stop >/dev/null 2>&1 || true
}
trap stop EXIT

"$ligature" kg import --terms "$1/kg/terms.tsv" --edges "$1/kg/edges.tsv" \
  --structures "$1/kg/structures.tsv" --out "$work/graph" >&2
model=$work/model
/usr/bin/time -f '%e %M' -o "$work/train.time" "$ligature" train \
  --pairs chemistry="$pairs/chebi20.tsv" --pairs chemistry="$pairs/chebi-captions.tsv" \
  --pairs chemistry="$pairs/pubchem-captions.tsv" --pairs chemistry="$pairs/pcdes.tsv" \
  --pairs nomenclature="$pairs/iupac-names.tsv" --knowledge "$work/graph" \
  --dev "$pairs/dev.tsv" --pool "$pairs/pool.tsv" --out "$model" >&2
read -r train_seconds train_kib <"$work/train.time"

"$ligature" evaluate --model "$model" --pairs "$pairs/dev.tsv" --pool "$pairs/pool.tsv" \
  --json >"$work/evaluation.json"

"$ligature" db start >&2
/usr/bin/time -f '%e %M' -o "$work/index.time" \
  "$ligature" index --model "$model" --corpus "$pairs/pool.tsv" --name pool \
  --rejects "$work/rejects.tsv" >&2
read -r index_seconds index_kib <"$work/index.time"
rows=$(($(wc -l <"$pairs/pool.tsv") - 1))

"$ligature" serve --model "$model" --port 0 >"$work/serve.out" 2>"$work/serve.log" &
server=$!
address=
for _ in $(seq 600); do
  address=$(sed -n 's/^listening on //p' "$work/serve.out")
  [ -n "$address" ] && curl -fsS "$address/readyz" >/dev/null 2>&1 && break
  kill -0 "$server" 2>/dev/null || { cat "$work/serve.log" >&2; exit 1; }
  sleep 0.1
done
Benchmarks/search-latency.sh "$address" >"$work/wrk.txt"

machine=$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)
python3 - "$work" "$train_seconds" "$train_kib" "$index_seconds" "$index_kib" "$rows" <<'PY'
import json, re, sys
work, train, train_kib, index, index_kib, rows = sys.argv[1], *map(float, sys.argv[2:])
evaluation = json.load(open(f"{work}/evaluation.json"))
wrk = open(f"{work}/wrk.txt").read()
p99, rate, errors = re.search(
    r"p99 ([\d.]+) ms.*?(\d+) requests/s +errors (\d+)", wrk).groups()
if int(errors):
    sys.exit(f"main-job: {errors} requests failed:\n{wrk}")
t = evaluation["text_to_molecule"]
print("| what | measured |\n| --- | --- |")
print(f"| dev text→molecule over {evaluation['candidates']} candidates | MRR {t['mrr']:.3f}, "
      f"Hits@1 {t['hits@1']:.3f}, Hits@10 {t['hits@10']:.3f}, mean rank {t['mean_rank']:.1f} |")
print(f"| training, views included | {train / 60:.1f} min, peak {train_kib / 2**20:.1f} GiB |")
print(f"| indexing {rows:.0f} molecules, start to exit | {rows / index:.0f} molecules/s "
      f"({index:.1f} s, peak {index_kib / 2**20:.1f} GiB) |")
print(f"| search by text, 8 connections, 10 s | p99 {p99} ms, {rate} requests/s |")
PY
echo
echo "$(nproc) cores, $machine, $(date +%Y-%m-%d), $(git rev-parse --short HEAD)"
