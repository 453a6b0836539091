#!/usr/bin/env bash
# Measures the write path of indexing alone: chunks whose molecules are read and whose vectors are
# ready, stored by several connections into a private server of their own, with fsync.
#
#   Benchmarks/index-write.sh CORPUS [ROWS] [CONNECTIONS]
#
# CORPUS is a file of molecules, whose shape the rows have; ROWS are 1000000, CONNECTIONS 3 unless
# said otherwise.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { sed -n '2,8p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 64; }
corpus=$1
rows=${2:-1000000}
connections=${3:-3}
. Benchmarks/private-server index-write index-write-benchmark
"$ligature" db start >&2
"$bin/index-write-benchmark" --corpus "$corpus" --rows "$rows" --connections "$connections" \
  --database "host=$home/postgres/socket port=6001 user=ligature dbname=ligature"
echo "$machine, $(date +%Y-%m-%d), $(git rev-parse --short HEAD)"
