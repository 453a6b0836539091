#!/usr/bin/env bash
# Holds a running server against NumPy: filters by selectivity, items that come and go while it is
# searched, a restart of PostgreSQL, a start from its snapshot. Prints tables for docs/retrieval.md.
#
#   Benchmarks/live-search.sh DATA [--minutes 10] [--work FOLDER] [--only filters,changes,restart,start]
#
# DATA holds pairs/{pool,dev}.tsv and smiles/pubchem-50k.smi. The model is
# data/models/ligature-chebi; the work folder (default .ligature/live) is made anew.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { sed -n '2,8p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 64; }
. scripts/oracle/environment
swift build -c release --product ligature >&2
exec "$oracle/bin/python" Benchmarks/live_search.py \
  --ligature "$(swift build -c release --show-bin-path)/ligature" "$@"
