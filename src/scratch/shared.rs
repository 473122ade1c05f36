//! A server that already runs (`--scratch-url`): it is lent, so only what this run makes is touched, under names that say so.

use std::time::Duration;

use super::ScratchError;
use crate::model::quote_ident;
use crate::source::connect::{ConnectSettings, Connection, connect};

const PREFIX: &str = "trueup_scratch_";
/// The first key of the advisory locks that say "this run lives"; the second is the run's token.
const LOCK_CLASS: i32 = 0x7472_7565;

/// What this run holds on a server that is not its own.
#[derive(Debug)]
pub(super) struct SharedServer {
    pub settings: ConnectSettings,
    pub token: i32,
    pub databases: Vec<String>,
    pub roles: Vec<String>,
}

impl SharedServer {
    /// Takes a token, says that it lives, and drops what runs left whose session is gone.
    pub async fn claim(settings: ConnectSettings, maintenance: &Connection) -> Result<Self, ScratchError> {
        let client = &maintenance.client;
        let row = client.query_one("SELECT (pg_catalog.random() * 2147483646)::pg_catalog.int4", &[]).await;
        let token: i32 = row.and_then(|row| row.try_get(0)).map_err(|e| ScratchError::sql("choosing a name", &e))?;
        let lock = "SELECT pg_catalog.pg_advisory_lock($1, $2)";
        client.execute(lock, &[&LOCK_CLASS, &token]).await.map_err(|e| ScratchError::sql("taking an advisory lock", &e))?;
        let shared = Self { settings, token, databases: Vec::new(), roles: Vec::new() };
        shared.sweep(maintenance).await?;
        Ok(shared)
    }

    /// A name for the next database: `trueup_scratch_<pid>_<token>_<number>`.
    pub fn next_name(&self, number: u32) -> String {
        format!("{PREFIX}{}_{}_{}", std::process::id(), self.token, number)
    }

    /// The comment that roles of this run carry.
    pub fn role_mark(&self) -> String {
        format!("{PREFIX}{}", self.token)
    }

    /// Drops databases and roles whose run holds no lock any more. (`pg_locks` shows locks of all databases.)
    async fn sweep(&self, maintenance: &Connection) -> Result<(), ScratchError> {
        const DATABASES: &str = "SELECT d.datname::pg_catalog.text FROM pg_catalog.pg_database d WHERE d.datname ~ '^trueup_scratch_[0-9]+_[0-9]+_[0-9]+$' \
            AND pg_catalog.pg_has_role(d.datdba, 'USAGE') \
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.classid::pg_catalog.int8 = $1::pg_catalog.int4 \
            AND l.objid::pg_catalog.int8 = pg_catalog.split_part(d.datname, '_', 4)::pg_catalog.int8)";
        const ROLES: &str = "SELECT r.rolname::pg_catalog.text FROM pg_catalog.pg_roles r \
            JOIN pg_catalog.pg_shdescription s ON s.objoid = r.oid AND s.classoid = 'pg_catalog.pg_authid'::pg_catalog.regclass \
            WHERE s.description ~ '^trueup_scratch_[0-9]+$' \
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.classid::pg_catalog.int8 = $1::pg_catalog.int4 \
            AND l.objid::pg_catalog.int8 = pg_catalog.split_part(s.description, '_', 3)::pg_catalog.int8)";
        for (query, kind) in [(DATABASES, "database"), (ROLES, "role")] {
            let rows = maintenance.client.query(query, &[&LOCK_CLASS]).await;
            for row in rows.map_err(|e| ScratchError::sql("looking for leftovers", &e))? {
                let name: String = row.try_get(0).map_err(|e| ScratchError::sql("looking for leftovers", &e))?;
                let dropped = match kind {
                    "database" => drop_database(&self.settings, maintenance, &name).await,
                    _ => drop_role(maintenance, &name).await,
                };
                // another run may be at it as well, and what stays is not in the way
                if let Err(error) = dropped {
                    tracing::debug!(name, %error, "a leftover {kind} stays");
                }
            }
        }
        Ok(())
    }

    /// Drops everything that this run made.
    pub async fn release(&mut self, maintenance: &Connection) -> Result<(), ScratchError> {
        let mut result = Ok(());
        for name in std::mem::take(&mut self.databases) {
            result = result.and(drop_database(&self.settings, maintenance, &name).await);
        }
        for name in std::mem::take(&mut self.roles) {
            result = result.and(drop_role(maintenance, &name).await);
        }
        result
    }
}

impl Drop for SharedServer {
    /// After a panic or an early return: a thread with a runtime and a session of its own drops what is left, and is waited for.
    fn drop(&mut self) {
        if self.databases.is_empty() && self.roles.is_empty() {
            return;
        }
        let settings = self.settings.clone();
        let mut rest =
            Self { settings, token: self.token, databases: std::mem::take(&mut self.databases), roles: std::mem::take(&mut self.roles) };
        let work = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let released = runtime.map(|runtime| {
                runtime.block_on(async {
                    let cleaning = async {
                        let maintenance = connect(&rest.settings).await?;
                        rest.release(&maintenance).await
                    };
                    tokio::time::timeout(Duration::from_secs(20), cleaning).await
                })
            });
            // what could not be dropped now is the next run's leftover
            rest.databases.clear();
            rest.roles.clear();
            drop(released);
        });
        let _ended = work.join();
    }
}

async fn drop_role(maintenance: &Connection, name: &str) -> Result<(), ScratchError> {
    let text = format!("DROP ROLE IF EXISTS {}", quote_ident(name));
    maintenance.client.batch_execute(&text).await.map_err(|e| ScratchError::sql(text, &e))
}

/// Drops a database with the sessions in it; subscriptions, which would hold it, are taken off their slots first.
pub(super) async fn drop_database(settings: &ConnectSettings, maintenance: &Connection, name: &str) -> Result<(), ScratchError> {
    const SUBSCRIPTIONS: &str = "SELECT s.subname::pg_catalog.text FROM pg_catalog.pg_subscription s \
        JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE d.datname = $1";
    let doing = || format!("dropping database {name}");
    let subscriptions = maintenance.client.query(SUBSCRIPTIONS, &[&name]).await;
    // only a superuser may read pg_subscription before 16 in full; others cannot have made one either
    let subscriptions = subscriptions.unwrap_or_default();
    if !subscriptions.is_empty() {
        let inside = connect(&settings.with_database(name)).await?;
        for row in subscriptions {
            let subscription: String = row.try_get(0).map_err(|e| ScratchError::sql(doing(), &e))?;
            let subscription = quote_ident(&subscription);
            for rest in ["DISABLE", "SET (slot_name = NONE)"] {
                let text = format!("ALTER SUBSCRIPTION {subscription} {rest}");
                inside.client.batch_execute(&text).await.map_err(|e| ScratchError::sql(text, &e))?;
            }
            let text = format!("DROP SUBSCRIPTION {subscription}");
            inside.client.batch_execute(&text).await.map_err(|e| ScratchError::sql(text, &e))?;
        }
        inside.close().await;
    }
    let text = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote_ident(name));
    maintenance.client.batch_execute(&text).await.map_err(|e| ScratchError::sql(doing(), &e))
}
