//! Subscriptions. Key: `Key::Global`.
//!
//! No statement here reaches a publisher, be it in a plan or on a scratch server: subscriptions are created without connecting, disabled, and
//! let go of their slots before they are dropped. Whether one is enabled is operation and no schema, as for pg_dump.

mod connection;
mod interpret;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Hazard, Ident, ObjectId, Pair, Step, quote_ident, quote_literal};

pub use connection::Connection;
pub use interpret::{interpret_alter, interpret_create, interpret_drop, harmless};

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// CONNECTION.
    pub connection: Connection,
    /// PUBLICATION, in the order that pg_dump keeps.
    pub publications: Vec<String>,
    /// `slot_name`, none for NONE.
    pub slot: Option<String>,
    /// `synchronous_commit`.
    pub synchronous_commit: String,
    /// `binary`.
    pub binary: bool,
    /// `streaming`: `off`, `on` or `parallel`.
    pub streaming: String,
    /// `two_phase`.
    pub two_phase: bool,
    /// `disable_on_error`.
    pub disable_on_error: bool,
    /// `password_required`.
    pub password_required: bool,
    /// `run_as_owner`.
    pub run_as_owner: bool,
    /// `origin`.
    pub origin: String,
    /// `failover`.
    pub failover: bool,
}

impl Subscription {
    /// With nothing said.
    fn plain(name: &Ident, major: u32) -> Self {
        Self {
            connection: Connection::new(None),
            publications: Vec::new(),
            slot: Some(name.as_str().to_owned()),
            synchronous_commit: "off".to_owned(),
            binary: false,
            streaming: if major >= 18 { "parallel" } else { "off" }.to_owned(),
            two_phase: false,
            disable_on_error: false,
            password_required: true,
            run_as_owner: false,
            origin: "any".to_owned(),
            failover: false,
        }
    }

    /// The parameters that make one of the other.
    fn parameters(pair: Pair<&Self>) -> Vec<String> {
        let Self {
            connection: _,
            publications: _,
            slot,
            synchronous_commit,
            binary,
            streaming,
            two_phase,
            disable_on_error,
            password_required,
            run_as_owner,
            origin,
            failover,
        } = pair.to;
        let from = pair.from;
        let flags = [
            ("binary", from.binary, *binary),
            ("two_phase", from.two_phase, *two_phase),
            ("disable_on_error", from.disable_on_error, *disable_on_error),
            ("password_required", from.password_required, *password_required),
            ("run_as_owner", from.run_as_owner, *run_as_owner),
            ("failover", from.failover, *failover),
        ];
        let words =
            [("synchronous_commit", &from.synchronous_commit, synchronous_commit), ("streaming", &from.streaming, streaming), ("origin", &from.origin, origin)];
        let slot = (from.slot != *slot).then(|| format!("slot_name = {}", slot.as_ref().map_or_else(|| "NONE".to_owned(), |name| quote_literal(name))));
        let flags = flags.into_iter().filter(|(_, from, to)| from != to).map(|(name, _, to)| format!("{name} = {to}"));
        let words = words.into_iter().filter(|(_, from, to)| from != to).map(|(name, _, to)| format!("{name} = {}", quote_ident(to)));
        slot.into_iter().chain(flags).chain(words).collect()
    }

    fn publications(&self) -> String {
        self.publications.iter().map(|name| quote_ident(name)).collect::<Vec<_>>().join(", ")
    }
}

impl ObjectDef for Subscription {
    const KIND: Kind = Kind::Subscription;
    const QUERY: &'static str = include_str!("subscription.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_subscription", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self {
            connection: Connection::new(row.get::<Option<String>>("connection")?.as_deref()),
            publications: row.get("subpublications")?,
            slot: row.get("subslotname")?,
            synchronous_commit: row.get("subsynccommit")?,
            binary: row.get("subbinary")?,
            streaming: row.get("streaming")?,
            two_phase: row.get("two_phase")?,
            disable_on_error: row.get("disable_on_error")?,
            password_required: row.get("password_required")?,
            run_as_owner: row.get("run_as_owner")?,
            origin: row.get("origin")?,
            failover: row.get("failover")?,
        };
        Ok(Some(Found::new(ObjectId::global(Kind::Subscription, row.ident("subname")?), object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let Some(name) = id.name() else { return Vec::new() };
        let parameters = Self::parameters(Pair::new(&Self::plain(name, cx.major()), self));
        let with: Vec<String> = ["connect = false".to_owned()].into_iter().chain(parameters).collect();
        let sql = format!(
            "CREATE {} CONNECTION {} PUBLICATION {} WITH ({})",
            id.address(),
            quote_literal(self.connection.text()),
            self.publications(),
            with.join(", ")
        );
        let later = "somebody makes its slot on the publisher, and then enables and refreshes it: nothing connects before";
        let password = if self.connection.has_secret() { "; the password is to be set too, by ALTER SUBSCRIPTION .. CONNECTION" } else { "" };
        plain::create(id, sql).into_iter().map(|step| step.hazard(Hazard::Assumes(format!("{later}{password}")))).collect()
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        // ALTER SUBSCRIPTION would change these on the publisher too.
        if pair.map(|one| (one.two_phase, one.failover)).differs() {
            return Change::Replace;
        }
        let mut steps = Vec::new();
        if pair.from.connection != pair.to.connection {
            let step = plain::change(id, &format!("CONNECTION {}", quote_literal(pair.to.connection.text())));
            let secret = pair.from.connection.has_secret();
            steps.push(if secret { step.hazard(Hazard::Loss("the password in the present connection".to_owned())) } else { step });
        }
        if pair.from.publications != pair.to.publications {
            steps.push(plain::change(id, &format!("SET PUBLICATION {} WITH (refresh = false)", pair.to.publications())));
        }
        let parameters = Self::parameters(pair);
        if !parameters.is_empty() {
            steps.push(plain::change(id, &format!("SET ({})", parameters.join(", "))));
        }
        Change::InPlace(steps)
    }

    /// DROP SUBSCRIPTION would connect to drop the slot, and could do so in no transaction (docs: DROP SUBSCRIPTION, Notes).
    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        let mut steps = vec![plain::change(id, "DISABLE")];
        steps.extend(self.slot.as_ref().map(|_| plain::change(id, "SET (slot_name = NONE)")));
        let slot = self.slot.as_ref().map(|slot| Hazard::Assumes(format!("somebody drops the slot {slot} on the publisher: it keeps WAL there")));
        let drop = plain::drop(id).into_iter().map(|step| step.hazard(Hazard::Loss("how far replication has come".to_owned())));
        steps.extend(drop.map(|step| slot.iter().cloned().fold(step, Step::hazard)));
        steps
    }

    stands_alone!(keeping drop);
}
