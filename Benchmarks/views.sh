#!/usr/bin/env bash
# Measures the graph view and the sequence view: items per second on one core, then on all.
#
#   Benchmarks/views.sh FILE.tsv [OPTION...]
#
# FILE has the columns id, smiles and text; options go to views-benchmark. Run it on an idle machine.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { sed -n '2,6p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 64; }
file=$1
shift

swift build -c release --product views-benchmark >&2
program="$(swift build -c release --show-bin-path)/views-benchmark"
echo "== one core"
taskset -c 0 "$program" --input "$file" "$@"
echo "== all cores"
"$program" --input "$file" "$@"
