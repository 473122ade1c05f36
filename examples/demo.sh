#!/usr/bin/env bash
# A schema edited, planned, proved, linted, applied, checked for drift and taken back, on a throwaway PostgreSQL 17. `make demo` runs it.
set -euo pipefail
cd "$(dirname "$0")/.."
trueup=${TRUEUP:-$PWD/target/release/trueup}
bin=$PWD/.pg/17/bin

work=$(mktemp -d /tmp/trueup-demo.XXXXXX)
as_server=()
if [ "$(id -u)" = 0 ]; then # PostgreSQL does not run as root
  chown nobody "$work"
  chmod 755 "$work"
  as_server=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi
stop() {
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
run() { # shows a command line, then runs it
  printf '\033[36m$ trueup %s\033[0m\n' "$*"
  "$trueup" "$@"
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

say "The first plan: from nothing to db/schema/shop.sql, proved on a scratch server"
run plan first
run show 0001_first
run lint
run apply --yes
run drift

say "The schema is edited: a renamed column, a new state, an index, a wider amount under a view"
cat >db/schema/shop.sql <<'SQL'
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
run plan second
run show 0002_second
run lint
run apply --yes
run drift
run status

say "And back"
run down --steps 1 --yes
run status

printf '\nThat is all; the server and the project folder are gone.\n'
