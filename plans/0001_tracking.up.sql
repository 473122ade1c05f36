-- trueup: plan format 1
-- trueup: number 0001
-- trueup: name tracking
-- trueup: direction up
-- trueup: parent none
-- trueup: from unknown
-- trueup: to unknown
-- trueup: server any
-- trueup: risk low
-- trueup: checksum sha256:359f72750a34def9c532428b1333b757085d097d6f93211f2f1a9ffc0da0b4ca

-- trueup: begin transaction 1
BEGIN;

-- trueup: step 1 (transaction 1): create schema trueup
CREATE SCHEMA trueup;

-- trueup: step 2 (transaction 1): comment on schema trueup
COMMENT ON SCHEMA trueup IS 'Records of trueup. Version 0001.';

-- trueup: step 3 (transaction 1): create table trueup.history
CREATE TABLE trueup.history (
    version text NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    parent text,
    from_fingerprint text,
    to_fingerprint text,
    state text NOT NULL,
    direction text NOT NULL,
    run integer NOT NULL,
    applied_by text NOT NULL,
    application_host text,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    duration interval,
    backup_id text,
    wal_position pg_lsn,
    tool_version text,
    error text,
    CONSTRAINT history_pkey PRIMARY KEY (version),
    CONSTRAINT history_direction_check CHECK (direction IN ('up', 'down')),
    CONSTRAINT history_state_check CHECK (state IN ('applied', 'rolled_back', 'dirty'))
);

-- trueup: step 4 (transaction 1): comment on table trueup.history
COMMENT ON TABLE trueup.history IS 'One row per plan that was ever begun here.';

-- trueup: step 5 (transaction 1): comment on column trueup.history.version
COMMENT ON COLUMN trueup.history.version IS 'The number of the plan file.';

-- trueup: step 6 (transaction 1): comment on column trueup.history.checksum
COMMENT ON COLUMN trueup.history.checksum IS 'SHA-256 of the up file without its checksum line.';

-- trueup: step 7 (transaction 1): comment on column trueup.history.state
COMMENT ON COLUMN trueup.history.state IS 'dirty: begun, and neither finished nor undone.';

-- trueup: step 8 (transaction 1): comment on column trueup.history.direction
COMMENT ON COLUMN trueup.history.direction IS 'The way that the last run went.';

-- trueup: step 9 (transaction 1): comment on column trueup.history.run
COMMENT ON COLUMN trueup.history.run IS 'Counts the runs of the plan, up and down; trueup.step has the steps of each.';

-- trueup: step 10 (transaction 1): comment on column trueup.history.wal_position
COMMENT ON COLUMN trueup.history.wal_position IS 'Where the write-ahead log stood before the run: a target for point-in-time recovery.';

-- trueup: step 11 (transaction 1): comment on column trueup.history.error
COMMENT ON COLUMN trueup.history.error IS 'What ended the last run, or is wrong although it was finished.';

-- trueup: step 12 (transaction 1): create table trueup.step
CREATE TABLE trueup.step (
    version text NOT NULL,
    run integer NOT NULL,
    number integer NOT NULL,
    direction text NOT NULL,
    state text NOT NULL,
    summary text NOT NULL,
    checksum text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    duration interval,
    error text,
    CONSTRAINT step_pkey PRIMARY KEY (version, run, number),
    CONSTRAINT step_direction_check CHECK (direction IN ('up', 'down')),
    CONSTRAINT step_state_check CHECK (state IN ('running', 'done', 'failed'))
);

-- trueup: step 13 (transaction 1): comment on table trueup.step
COMMENT ON TABLE trueup.step IS 'One row per step of each run. A step in a transaction is recorded by that transaction.';

-- trueup: step 14 (transaction 1): comment on column trueup.step.checksum
COMMENT ON COLUMN trueup.step.checksum IS 'SHA-256 of the SQL of the step.';

-- trueup: step 15 (transaction 1): create table trueup.audit
CREATE TABLE trueup.audit (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor text DEFAULT SESSION_USER NOT NULL,
    application_host text,
    action text NOT NULL,
    version text,
    outcome text NOT NULL,
    detail text,
    tool_version text,
    CONSTRAINT audit_pkey PRIMARY KEY (id)
);

-- trueup: step 16 (transaction 1): comment on table trueup.audit
COMMENT ON TABLE trueup.audit IS 'Every action that writes: who, when, and how it ended.';

-- trueup: step 17 (transaction 1): create table trueup.lock
CREATE TABLE trueup.lock (
    id integer DEFAULT 1 NOT NULL,
    pid integer NOT NULL,
    held_by text NOT NULL,
    application_host text,
    action text NOT NULL,
    since timestamp with time zone NOT NULL,
    heartbeat timestamp with time zone NOT NULL,
    CONSTRAINT lock_pkey PRIMARY KEY (id),
    CONSTRAINT lock_id_check CHECK (id = 1)
);

-- trueup: step 18 (transaction 1): comment on table trueup.lock
COMMENT ON TABLE trueup.lock IS 'Who holds the migration lock. The lock itself is the advisory lock (1953658213, 30064).';

-- trueup: step 19 (transaction 1): create table trueup.catalog
CREATE TABLE trueup.catalog (
    id integer DEFAULT 1 NOT NULL,
    version text NOT NULL,
    direction text NOT NULL,
    fingerprint text NOT NULL,
    taken_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT catalog_pkey PRIMARY KEY (id),
    CONSTRAINT catalog_id_check CHECK (id = 1)
);

-- trueup: step 20 (transaction 1): comment on table trueup.catalog
COMMENT ON TABLE trueup.catalog IS 'What the last plan left behind: the catalog as JSON, by gzip. Drift is measured against it.';

-- trueup: commit transaction 1
COMMIT;
