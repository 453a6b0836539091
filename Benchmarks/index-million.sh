#!/usr/bin/env bash
# Indexes a file of many lines with one process, and tells its speed and its peak memory: the
# molecules of DATA/pairs/pool.tsv over and over, each time under new ids.
#
#   Benchmarks/index-million.sh DATA [LINES] [MODEL]
#
# LINES are 1000000, MODEL is data/models/ligature-chebi unless said otherwise. It runs a private
# server of its own, with fsync; needs GNU time and about 3 GB below /tmp for a million lines.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { sed -n '2,8p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 64; }
[ -x /usr/bin/time ] || { echo "index-million: GNU time is missing (apt-get install time)" >&2; exit 1; }
pool=$1/pairs/pool.tsv
lines=${2:-1000000}
model=${3:-data/models/ligature-chebi}
. Benchmarks/private-server index-million
awk -v lines="$lines" '
  BEGIN { FS = OFS = "\t" }
  NR == 1 { header = $0; next }
  { row[NR - 1] = $0 }
  END {
    print header
    count = NR - 1
    for (i = 0; i < lines; i++) {
      line = row[i % count + 1]
      print int(i / count) "-" line
    }
  }' "$pool" >"$home/lines.tsv"
"$ligature" db start >&2
/usr/bin/time -f '%e %M' -o "$home/time" \
  "$ligature" index --model "$model" --corpus "$home/lines.tsv" --name million >&2
read -r seconds kib <"$home/time"
awk -v lines="$lines" -v seconds="$seconds" -v kib="$kib" 'BEGIN {
  printf "%d lines in %.1f s: %d rows/s, peak %.2f GB\n", lines, seconds, lines / seconds, kib * 1024 / 1e9
}'
echo "$machine, $(date +%Y-%m-%d), $(git rev-parse --short HEAD)"
