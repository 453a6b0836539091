#!/usr/bin/env bash
# Measures POST /v1/search with wrk on a server that runs already, and prints a table: searches that
# were answered before, searches that were not, and the latter beside 1,000 idle connections.
#
#   Benchmarks/serve.sh [address] [seconds] [connections]
#
# Needs wrk, curl and python3. The idle connections send one request each and stay open.
set -euo pipefail
address=${1:-http://127.0.0.1:8080}
seconds=${2:-60}
connections=${3:-16}
idle=1000
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
holder=
finish() {
  [ -z "$holder" ] || kill "$holder" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

export LIGATURE_TEXTS=$work/texts
tail -n +2 "$root/data/queries.tsv" | cut -f1 >"$LIGATURE_TEXTS"
tail -n +2 "$root/data/compounds.tsv" | cut -f5 >>"$LIGATURE_TEXTS"

metric() { curl -fsS "$address/metrics" | sed -n "s/^$1 //p"; }
run() { # name, texts: once for different texts, or the number of texts that are repeated
  LIGATURE_REPEATED=$2 wrk -t1 -c"$connections" -d"${seconds}s" \
    -s "$root/Benchmarks/search.lua" "$address" >"$work/$1"
}

curl -fsS "$address/readyz" >/dev/null
items=$(metric ligature_items)
LIGATURE_REPEATED=100 wrk -t1 -c1 -d2s -s "$root/Benchmarks/search.lua" "$address" >/dev/null
run cached 100
run uncached 0
before=$(metric process_resident_memory_bytes)
python3 - "$address" "$idle" <<'PY' &
import socket, sys, time, urllib.parse
url = urllib.parse.urlsplit(sys.argv[1])
request = f"GET /livez HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode()
connections = []
for _ in range(int(sys.argv[2])):
    connection = socket.create_connection((url.hostname, url.port), timeout=30)
    connection.sendall(request)
    connection.recv(4096)
    connections.append(connection)
open(f"/tmp/ligature-idle-{sys.argv[2]}", "w").close()
while True:
    time.sleep(20)
    for connection in connections:  # before the server's idle limit
        connection.sendall(request)
        connection.recv(4096)
PY
holder=$!
while [ ! -e "/tmp/ligature-idle-$idle" ]; do
  kill -0 "$holder" 2>/dev/null || { echo "serve.sh: $idle connections could not be opened" >&2; exit 1; }
  sleep 0.2
done
rm -f "/tmp/ligature-idle-$idle"
after=$(metric process_resident_memory_bytes)
run idle 0

machine=$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)
python3 - "$work" "$items" "$before" "$after" "$connections" "$seconds" "$idle" <<'PY'
import re, sys
work, items, before, after, connections, seconds, idle = sys.argv[1:]
rows = {}
for name in ["cached", "uncached", "idle"]:
    found = re.search(
        r"p50 ([\d.]+) ms +p90 [\d.]+ ms +p99 ([\d.]+) ms.*?(\d+) requests/s +errors (\d+)",
        open(f"{work}/{name}").read())
    rows[name] = [float(value) for value in found.groups()]
print(f"{items} items, {connections} connections, {seconds} s each\n")
print("| search by text | requests/s | p50 ms | p99 ms | errors |\n| --- | --- | --- | --- | --- |")
for name, words in [("cached", "answered before"), ("uncached", "not answered before"),
                    ("idle", f"the same beside {idle} idle connections")]:
    p50, p99, rate, errors = rows[name]
    print(f"| {words} | {rate:.0f} | {p50:.2f} | {p99:.2f} | {errors:.0f} |")
grown = (float(after) - float(before)) / 2**20
change = rows["idle"][1] / rows["uncached"][1] - 1
print(f"\n{idle} idle connections: {grown:+.1f} MiB, p99 {change:+.1%}")
PY
echo
echo "$(nproc) cores, $machine, $(date +%Y-%m-%d), $(git -C "$root" rev-parse --short HEAD)"
