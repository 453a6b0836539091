#!/usr/bin/env bash
# Holds filtered searches by pgvector, and exact ones in memory, against NumPy on a server of its own.
# Prints a table for docs/retrieval.md.
#
#   Benchmarks/vector-search.sh DATA
#
# DATA holds pairs/{pool,dev}.tsv. The model is data/models/ligature-chebi.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { sed -n '2,7p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 64; }
. scripts/oracle/environment
scripts/vector-server >&2
swift build -c release --product ligature >&2

folder=$(mktemp -d /tmp/ligature-vector-search.XXXXXX)
cp -r .build/vector-server/venv/lib/python3*/site-packages/pgserver* "$folder"
bin=$folder/pgserver/pginstall/bin
as=()
if [ "$(id -u)" -eq 0 ]; then
  as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  chown postgres "$folder"
fi
chmod 755 "$folder"
trap '"${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m fast stop >&2 || true; rm -rf "$folder"' EXIT
"${as[@]}" "$bin/initdb" -D "$folder/data" -A trust -U ligature -E UTF8 --locale=C >&2
cat >>"$folder/data/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$folder'
port = 6001
shared_buffers = 1GB
max_wal_size = 4GB
END
"${as[@]}" "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w start >&2
address="host=$folder&port=6001&user=ligature"
psql -q "postgresql:///postgres?$address" -c 'create database ligature'
"$oracle/bin/python" Benchmarks/live_search.py \
  --ligature "$(swift build -c release --show-bin-path)/ligature" --work .ligature/vector-search \
  --only filters --database "postgresql:///ligature?$address" "$@"
