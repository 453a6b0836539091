#!/usr/bin/env bash
# Kills readers and workers of one job with SIGKILL at random moments, COUNT times (100), then lets
# it finish and compares everything with an undisturbed run. Prints what the test prints.
#
#   Benchmarks/index-kill.sh [COUNT]
set -euo pipefail
cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=enable=no
swift build --build-tests >&2
LIGATURE_INDEX_KILLS=${1:-100} swift test --skip-build --disable-xctest --no-parallel \
  --filter '^IntegrationTests.IndexKillTests'
machine=$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)
echo "$(nproc) cores, $machine, $(date +%Y-%m-%d), $(git rev-parse --short HEAD)"
