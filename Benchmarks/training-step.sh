#!/usr/bin/env bash
# One training step of the default model beside the same step in JAX on the CPU, in turns in one
# run, and the ratio of the medians.
#
#   Benchmarks/training-step.sh [PAIRS]
#
# PAIRS is the batch (1024). JAX comes from PyPI into .build/oracle. Run it on an idle machine.
set -euo pipefail
cd "$(dirname "$0")/.."
pairs=${1:-1024}
[[ $pairs =~ ^[0-9]+$ ]] || { sed -n '2,7p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 64; }
. scripts/oracle/environment
python=$oracle/bin/python
"$python" -c 'import jax' 2>/dev/null || "$python" -m pip install -q 'jax[cpu]' >&2
swift build -c release --product model-benchmark >&2
binary=$(swift build -c release --show-bin-path)/model-benchmark
for round in 1 2 3; do
  "$binary" step --pairs "$pairs"
  "$binary" step --pairs "$pairs" --steps 1 | "$python" Benchmarks/training_step.py
done | "$python" -c '
import json, statistics, sys
ours, theirs = [], []
for line in sys.stdin:
    entry = json.loads(line)
    (theirs if entry.get("jax") else ours).append(entry)
a = statistics.median(e["milliseconds"] for e in ours)
b = statistics.median(e["milliseconds"] for e in theirs)
pairs, weights, version = ours[0]["pairs"], ours[0]["weights"], theirs[0]["jax"]
print(f"step of {pairs} pairs, {weights / 1e6:.1f} M weights, median of three rounds in turns")
print(f"ligature  {a:7.0f} ms")
print(f"JAX {version} {b:7.0f} ms, {b / a:.2f} times ours")
'
echo "$(nproc) cores, $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1), $(date +%Y-%m-%d)"
