#!/usr/bin/env bash
# Measures the backbone: step time by number of experts with the capacity monitor's share, memory
# of a large batch by gradient caching, and whether one core and two give the same bits.
#
#   Benchmarks/backbone.sh [PAIRS [EXPERT-WIDTH]]
#
# PAIRS is 1024 and EXPERT-WIDTH 8 by default. Run it on an idle machine.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build -c release --product backbone-benchmark >&2
benchmark="$(swift build -c release --show-bin-path)/backbone-benchmark"
"$benchmark" experts "$@"
"$benchmark" cache 8192 512
if diff <(taskset -c 0 "$benchmark" digest) <("$benchmark" digest); then
  echo "one core and all cores: the same bits"
else
  echo "one core and all cores differ" >&2
  exit 1
fi
