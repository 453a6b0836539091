#!/usr/bin/env bash
# How often a warm encoding calls the allocator, and for how many bytes: the difference between 300
# and 100 encodings of the same texts, divided by 200.
#
#   Benchmarks/allocations.sh MODEL [texts in a batch ...]
#
# The figures do not depend on what else the machine does.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { sed -n '2,7p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 64; }
model=$1
shift
[ $# -gt 0 ] || set -- 1 16
swift build -c release --product model-benchmark >&2
benchmark=$(swift build -c release --show-bin-path)/model-benchmark
hook=$(mktemp --suffix=.so)
trap 'rm -f "$hook"' EXIT
clang -O2 -shared -fPIC -o "$hook" Benchmarks/allocations.c

total() { # texts, encodings -> calls and bytes
  LD_PRELOAD=$hook "$benchmark" encodings --model "$model" --batch "$1" --encodings "$2" \
    2>&1 >/dev/null | sed -n 's/^allocations \([0-9]*\) bytes \([0-9]*\)$/\1 \2/p' | tail -n 1
}
echo "| texts | allocations of an encoding | KiB |"
echo "| --- | --- | --- |"
for texts in "$@"; do
  read -r few few_bytes <<<"$(total "$texts" 100)"
  read -r many many_bytes <<<"$(total "$texts" 300)"
  echo "| $texts | $(((many - few) / 200)) | $(((many_bytes - few_bytes) / 200 / 1024)) |"
done
echo
echo "$(date +%Y-%m-%d), $(git rev-parse --short HEAD)"
