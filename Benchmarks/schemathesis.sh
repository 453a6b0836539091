#!/usr/bin/env bash
# Asks a live server what its own description allows and forbids, and holds the answers against it.
#
#   Benchmarks/schemathesis.sh [--cases 10000] [--seed N]      --short: 300 cases, for scripts/test
#
# Needs PyPI's schemathesis, which is put into .build/schemathesis. Corpora that cases make are the server's own.
set -euo pipefail
cd "$(dirname "$0")/.."
cases=10000
seed=2026
while [ $# -gt 0 ]; do
  case $1 in
    --cases) cases=$2; shift 2 ;;
    --seed) seed=$2; shift 2 ;;
    --short) cases=300; shift ;;
    *) sed -n 2,7p "$0" | sed 's/^# \{0,1\}//' >&2; exit 64 ;;
  esac
done
environment=.build/schemathesis
if ! "$environment/bin/schemathesis" --version >/dev/null 2>&1; then
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check 'schemathesis==4.*'
fi
exec python3 Benchmarks/schemathesis_run.py --program "$PWD/$environment/bin/schemathesis" --cases "$cases" --seed "$seed"
