#!/bin/sh
# Measures the latency of POST /v1/search with wrk, on a server that runs already.
#
#   Benchmarks/search-latency.sh [address] [connections] [seconds]
#
# Queries are built from data/compounds.tsv and data/queries.tsv and differ in every request.
set -eu
address=${1:-http://127.0.0.1:8080}
connections=${2:-8}
seconds=${3:-10}
root=$(cd "$(dirname "$0")/.." && pwd)

LIGATURE_TEXTS=$(mktemp)
export LIGATURE_TEXTS
trap 'rm -f "$LIGATURE_TEXTS"' EXIT
tail -n +2 "$root/data/queries.tsv" | cut -f1 > "$LIGATURE_TEXTS"
tail -n +2 "$root/data/compounds.tsv" | cut -f5 >> "$LIGATURE_TEXTS"

curl -fsS "$address/readyz" > /dev/null
curl -fsS "$address/v1/info" | head -c 600
echo
wrk -t1 -c"$connections" -d"${seconds}s" -s "$root/Benchmarks/search.lua" "$address"
