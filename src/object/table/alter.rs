//! ALTER TABLE: everything but columns, constraints and links.

use super::{AlterTable, Persistence, ReplicaIdentity, Table, foreign, typed};
use crate::model::{LockMode, ObjectId, Options, Pair, QName, Step, option_changes};
use crate::object::sequence::persistence as sequences;
use crate::object::{Change, Cx};

const AX: LockMode = LockMode::AccessExclusive;

/// What makes the wanted table of the present one.
pub(super) fn alter(id: &ObjectId, pair: Pair<&Table>, cx: &Cx<'_>) -> Change {
    let Table {
        persistence,
        partition_key,
        foreign,
        of_type,
        options: _,
        toast_options: _,
        access_method,
        tablespace,
        replica_identity: _,
        clustered,
        row_security: _,
        force_row_security: _,
    } = pair.to;
    let from = pair.from;
    // PARTITION BY has no ALTER. SET UNLOGGED does nothing to a partitioned table, which has no storage.
    let logged_otherwise = from.persistence != *persistence && from.is_partitioned();
    let method_otherwise = from.access_method != *access_method && cx.major() < 15;
    // No statement brings a table to another server, or its rows from one.
    let elsewhere = from.foreign.as_ref().map(|foreign| &foreign.server) != foreign.as_ref().map(|foreign| &foreign.server);
    let Some(name) = id.qname() else { return Change::Replace };
    if from.partition_key != *partition_key || logged_otherwise || method_otherwise || elsewhere || !typed::fits(name, pair, cx) {
        return Change::Replace;
    }
    let at = AlterTable::new(name, cx);
    let mut steps: Vec<Step> = foreign::changes(name, pair, &at).into_iter().collect();
    if from.persistence != *persistence {
        steps.push(persistence_step(&at, name, *persistence));
        if cx.major() >= 15 {
            steps.extend(sequences::beside_their_table(name, *persistence == Persistence::Unlogged, cx));
        }
    }
    if from.access_method != *access_method {
        let method = access_method.as_ref().map_or_else(
            || if from.is_partitioned() { "DEFAULT".to_owned() } else { "heap".to_owned() },
            crate::model::Ident::quoted,
        );
        let step = at.all(AX, &format!("SET ACCESS METHOD {method}"), format!("store {name} by access method {method}"));
        steps.push(if from.is_partitioned() { step } else { at.rewriting(step, "another access method") });
    }
    if from.tablespace != *tablespace {
        let space = tablespace.as_ref().map_or_else(|| "pg_default".to_owned(), crate::model::Ident::quoted);
        let step = at.all(AX, &format!("SET TABLESPACE {space}"), format!("move {name} to tablespace {space}"));
        steps.push(if from.is_partitioned() { step } else { at.rewriting(step, "another tablespace") });
    }
    steps.extend(option_steps(&at, name, pair));
    if from.clustered && !clustered {
        steps.push(at.all(LockMode::ShareUpdateExclusive, "SET WITHOUT CLUSTER", format!("forget which index {name} is clustered on")));
    }
    steps.extend(replica_identity_step(&at, name, pair));
    steps.extend(row_security_steps(&at, name, pair));
    steps.extend(toast_step(&at, name, pair));
    // Those that may only come later stand behind the others.
    steps.sort_by_key(|step| step.phase);
    if from.of_type == *of_type { Change::InPlace(steps) } else { typed::changed(&at, name, Pair::new(&from.of_type, of_type), steps) }
}

fn persistence_step(at: &AlterTable<'_>, name: &QName, persistence: Persistence) -> Step {
    let word = match persistence {
        Persistence::Permanent => "LOGGED",
        Persistence::Unlogged => "UNLOGGED",
    };
    at.rewriting(at.all(AX, &format!("SET {word}"), format!("make {name} {}", word.to_lowercase())), "every row is copied")
}

/// Storage parameters of the table and, with their prefix, of its TOAST table.
pub(super) fn all_options(table: &Table) -> Options {
    table.options.clone().into_iter().chain(toast_options(table)).collect()
}

fn toast_options(table: &Table) -> Options {
    table.toast_options.iter().map(|(name, value)| (format!("toast.{name}"), value.clone())).collect()
}

/// Parameters of a TOAST table that may not be there yet come once all columns have: PostgreSQL forgets them where there is none
/// (`ATExecSetRelOptions` of src/backend/commands/tablecmds.c). One that has some stays with its table for good.
fn toast_comes(pair: Pair<&Table>) -> bool {
    pair.from.toast_options.is_empty() && !pair.to.toast_options.is_empty()
}

fn toast_step(at: &AlterTable<'_>, name: &QName, pair: Pair<&Table>) -> Option<Step> {
    let (set, _) = option_changes(Pair::new(&Options::default(), &toast_options(pair.to)));
    let set = set.filter(|_| toast_comes(pair))?;
    let step = at.all(LockMode::ShareUpdateExclusive, &format!("SET ({set})"), format!("change storage parameters of the TOAST table of {name}"));
    Some(step.late())
}

/// Whether the table counts as one of the catalog's (`parse_bool` of src/backend/utils/adt/bool.c).
pub fn is_kept_from_rewriting(options: &Options) -> bool {
    let is_no = |value: &str| value == "0" || ["false", "no"].iter().any(|no| no.starts_with(value)) || value.len() > 1 && "off".starts_with(value);
    options.get("user_catalog_table").is_some_and(|value| !is_no(&value.to_lowercase()))
}

fn option_steps(at: &AlterTable<'_>, name: &QName, pair: Pair<&Table>) -> Vec<Step> {
    let (from, to) = if toast_comes(pair) {
        (pair.from.options.clone(), pair.to.options.clone())
    } else {
        (all_options(pair.from), all_options(pair.to))
    };
    // user_catalog_table is the one parameter that wants more (reloptions.c).
    let catalog = from.get("user_catalog_table") != to.get("user_catalog_table");
    let mode = if catalog { AX } else { LockMode::ShareUpdateExclusive };
    let (set, reset) = option_changes(Pair::new(&from, &to));
    let step = |change: String| at.all(mode, &change, format!("change storage parameters of {name}"));
    // Nothing writes such a table anew from then on (`ATRewriteTables` of src/backend/commands/tablecmds.c).
    let becomes = catalog && is_kept_from_rewriting(&to);
    let set = set.map(|list| step(format!("SET ({list})"))).map(|step| if becomes { step.late() } else { step });
    set.into_iter().chain(reset.map(|list| step(format!("RESET ({list})")))).collect()
}

/// `REPLICA IDENTITY`; where an index is to be the one, the index says so.
pub(super) fn replica_identity_step(at: &AlterTable<'_>, name: &QName, pair: Pair<&Table>) -> Option<Step> {
    let word = match pair.to.replica_identity {
        ReplicaIdentity::Default => "DEFAULT",
        ReplicaIdentity::Full => "FULL",
        ReplicaIdentity::Nothing => "NOTHING",
        ReplicaIdentity::Index => return None,
    };
    let differs = pair.map(|table| table.replica_identity).differs();
    differs.then(|| at.all(AX, &format!("REPLICA IDENTITY {word}"), format!("identify old rows of {name} for replication: {}", word.to_lowercase())))
}

/// `ENABLE`, `DISABLE`, `FORCE`, `NO FORCE ROW LEVEL SECURITY`.
pub(super) fn row_security_steps(at: &AlterTable<'_>, name: &QName, pair: Pair<&Table>) -> Vec<Step> {
    let enabled = pair.map(|table| table.row_security);
    let forced = pair.map(|table| table.force_row_security);
    let changes = [
        (enabled.differs(), if enabled.to { "ENABLE" } else { "DISABLE" }),
        (forced.differs(), if forced.to { "FORCE" } else { "NO FORCE" }),
    ];
    changes
        .into_iter()
        .filter(|(differs, _)| *differs)
        .map(|(_, word)| at.all(AX, &format!("{word} ROW LEVEL SECURITY"), format!("{} row level security of {name}", word.to_lowercase())))
        .collect()
}
