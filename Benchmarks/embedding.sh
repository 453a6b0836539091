#!/usr/bin/env bash
# How many molecules and texts a model embeds in a second, and how long one text takes.
#
#   Benchmarks/embedding.sh MODEL DATA
#
# MODEL is a checkpoint; DATA holds pairs/{pool,chebi20,chebi-captions,pubchem-captions}.tsv. Run it
# on an idle machine.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 2 ] || { sed -n '2,7p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 64; }
swift build -c release --product model-benchmark >&2
"$(swift build -c release --show-bin-path)/model-benchmark" embedding --model "$1" \
  --molecules "$2/pairs/pool.tsv" --texts "$2/pairs/chebi20.tsv" \
  --texts "$2/pairs/chebi-captions.tsv" --texts "$2/pairs/pubchem-captions.tsv"
echo
echo "$(nproc) cores, $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1), $(date +%Y-%m-%d), $(git rev-parse --short HEAD)"
