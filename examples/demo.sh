#!/usr/bin/env bash
# A schema edited, planned, proved, linted, applied, checked for drift and taken back, on a throwaway PostgreSQL 17. `make demo` runs it.
set -euo pipefail
cd "$(dirname "$0")/.."
trueup=${TRUEUP:-$PWD/target/release/trueup}
bin=$PWD/.pg/17/bin
psql=$PWD/.pg/client/bin/psql

work=$(mktemp -d /tmp/trueup-demo.XXXXXX)
as_server=()
if [ "$(id -u)" = 0 ]; then # PostgreSQL does not run as root
  chown nobody "$work"
  chmod 755 "$work"
  as_server=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi
stop() { # the server and the folder, however this script ends
  (cd / && ${as_server[@]+"${as_server[@]}"} "$bin/pg_ctl" -D "$work/data" -m immediate stop) >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap stop EXIT
(
  cd /
  ${as_server[@]+"${as_server[@]}"} "$bin/initdb" -D "$work/data" -U postgres -A trust -E UTF8 --locale=C --no-sync
  ${as_server[@]+"${as_server[@]}"} "$bin/pg_ctl" -D "$work/data" -l "$work/log" -w -o "-c listen_addresses= -k $work -c fsync=off" start
) >/dev/null
export DATABASE_URL="postgres://postgres@${work//\//%2F}/postgres"
export TRUEUP_SCRATCH_BIN=$bin

project=$work/project
mkdir "$project"
cd "$project"

say() { printf '\n\033[1m## %s\033[0m\n' "$*"; }
show() { printf '\033[36m$ %s\033[0m\n' "$*"; }
run() { # shows a command line, then runs it
  show "trueup $*"
  "$trueup" "$@"
}
refused() { # runs a command line that must be refused with this exit code
  local code=$1 found=0
  shift
  run "$@" || found=$?
  [ "$found" = "$code" ] || { echo "exit code $found, not $code" >&2 && exit 1; }
  echo "(exit code $found)"
}
by_hand() { # what somebody does with psql
  show "psql -c \"$1\""
  "$psql" -X -q -d "$DATABASE_URL" -c "$1"
}

say "A project: trueup.toml, db/schema, plans, and the tracking schema in the database"
run init
cat >db/schema/shop.sql <<'SQL'
CREATE TABLE customer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE
);

CREATE TYPE order_state AS ENUM ('new', 'paid');

CREATE TABLE purchase (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customer,
    state order_state NOT NULL DEFAULT 'new',
    amount numeric(10, 2) NOT NULL CHECK (amount >= 0)
);
CREATE INDEX ON purchase (customer_id);

CREATE VIEW revenue AS SELECT customer_id, sum(amount) AS amount FROM purchase WHERE state = 'paid' GROUP BY customer_id;
SQL
show "cat db/schema/shop.sql"
cat db/schema/shop.sql

say "The first plan: from an empty database to db/schema, proved up, down and up again on a scratch server"
run plan first
show "cat plans/0001_first.up.sql"
cat plans/0001_first.up.sql
run lint plans/0001_first.up.sql
run apply --yes
by_hand "INSERT INTO customer (email) VALUES ('ada@example.org'); INSERT INTO purchase (customer_id, amount) VALUES (1, 99.95)"

say "The schema is edited: a renamed column, a new one, another enum label, an index, wider amounts under a view"
cat >shop.sql <<'SQL'
CREATE TABLE customer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- trueup: renamed from email
    mail text NOT NULL UNIQUE,
    joined timestamptz NOT NULL DEFAULT now()
);

CREATE TYPE order_state AS ENUM ('new', 'paid', 'shipped');

CREATE TABLE purchase (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customer,
    state order_state NOT NULL DEFAULT 'new',
    amount numeric(14, 2) NOT NULL CHECK (amount >= 0)
);
CREATE INDEX ON purchase (customer_id);
CREATE INDEX ON purchase (state);

CREATE VIEW revenue AS SELECT customer_id, sum(amount) AS amount FROM purchase WHERE state <> 'new' GROUP BY customer_id;
SQL
show "diff -U 1 db/schema/shop.sql shop.sql"
diff -U 1 db/schema/shop.sql shop.sql || true
mv shop.sql db/schema/shop.sql
refused 1 plan --check
run plan second
run show 0002_second
run lint plans/0002_second.up.sql
run apply --yes
run status
by_hand "SELECT * FROM customer JOIN purchase ON customer_id = customer.id"

say "Somebody changes the database by hand"
run drift
by_hand "ALTER TABLE customer ADD COLUMN note text"
refused 1 drift
by_hand "ALTER TABLE customer DROP COLUMN note"
run drift

say "And back: the values of a column would go, so that wants consent"
refused 1 down --steps 1 --yes
run down --steps 1 --yes --allow-destructive
run status
by_hand "SELECT * FROM customer JOIN purchase ON customer_id = customer.id"

printf '\nThat is all; the server and the project folder are gone.\n'
