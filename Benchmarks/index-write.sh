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
for product in ligature index-write-benchmark; do
  swift build -c release --product "$product" >&2
done
bin=$(swift build -c release --show-bin-path)
home=/tmp/ligature-index-write
export LIGATURE_HOME=$home
unset LIGATURE_DATABASE
"$bin/ligature" db stop >/dev/null 2>&1 || true
rm -rf "$home"
mkdir -p "$home"
trap '"$bin/ligature" db stop >/dev/null 2>&1; rm -rf "$home"' EXIT
"$bin/ligature" db start >&2
"$bin/index-write-benchmark" --corpus "$1" --rows "${2:-1000000}" --connections "${3:-3}" \
  --database "host=$home/postgres/socket port=6001 user=ligature dbname=ligature"
machine=$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)
echo "$(nproc) cores, $machine, $(date +%Y-%m-%d), $(git rev-parse --short HEAD)"
