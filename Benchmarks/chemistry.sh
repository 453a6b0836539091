#!/usr/bin/env bash
# Measures Ligature's chemistry against RDKit in one run: the same molecules, one thread each, in
# turns; then Ligature on two threads. Prints molecules per second and the ratios.
#
#   Benchmarks/chemistry.sh FILE.smi|FILE.tsv [ROUNDS]
#
# FILE has a SMILES a line, or a column `smiles`; ROUNDS is 3 by default and the median counts.
# Run it on an idle machine.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { sed -n '2,8p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 64; }

. scripts/oracle/environment
swift build -c release --product chemistry-benchmark >&2
exec "$oracle/bin/python" Benchmarks/chemistry.py \
  "$(swift build -c release --show-bin-path)/chemistry-benchmark" "$@"
