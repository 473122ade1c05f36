//! Sequences, and the options that identity columns share with them.

mod behind;
mod interpret;
mod options;
pub mod persistence;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use behind::{column_of, satellites, usual_column_of};
pub use interpret::{interpret_alter, interpret_command, interpret_behind, interpret_create};
pub use options::SequenceOptions;
use options::limits;

use super::plain::stands_alone;
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Hazard, LockMode, ObjectId, Pair, QName, Step, quote_literal};

/// A sequence; its value is data and is never touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Its options.
    pub options: SequenceOptions,
    /// UNLOGGED (15 and later).
    pub unlogged: bool,
}

/// ALTER SEQUENCE for one that may have been used; PostgreSQL refuses bounds that its value lies outside of. A value that
/// was never handed out, or that lies before the new range, goes to the new start. One that lies behind it is left to be
/// refused: to start again would hand out numbers a second time.
pub fn options_steps(name: &QName, pair: Pair<&SequenceOptions>) -> Vec<Step> {
    let Pair { from, to } = pair;
    let change = |pair: Pair<&SequenceOptions>| {
        let sql = format!("ALTER SEQUENCE {name} {}", SequenceOptions::changes(pair).join(" "));
        Step::new(sql, format!("change sequence {name}")).lock(name, LockMode::ShareRowExclusive)
    };
    let inside = format!("between {} and {}", to.min, to.max);
    let assumption = || Hazard::Assumes(format!("the value of sequence {name} is {inside}"));
    if !value_may_move(pair) {
        let narrower = to.min > from.min || to.max < from.max;
        return vec![if narrower { change(pair).hazard(assumption()) } else { change(pair) }];
    }
    let mut wide = from.clone();
    let mut steps = Vec::new();
    if !(from.min..=from.max).contains(&to.start) {
        let data_type = if limits(&from.data_type).1 < limits(&to.data_type).1 { &to.data_type } else { &from.data_type };
        wide = SequenceOptions { data_type: data_type.clone(), min: from.min.min(to.min), max: from.max.max(to.max), ..wide };
        steps.push(change(Pair::new(from, &wide)));
    }
    let literal = quote_literal(&name.to_string());
    let before = if to.increment < 0 { format!("> {}", to.max) } else { format!("< {}", to.min) };
    let moves = format!("last_value {before} OR NOT is_called AND last_value NOT BETWEEN {} AND {}", to.min, to.max);
    let sql = format!(
        "SELECT pg_catalog.setval({literal}, CASE WHEN {moves} THEN {} ELSE last_value END, is_called AND NOT ({moves})) FROM {name}",
        to.start
    );
    steps.push(Step::new(sql, format!("bring the value of sequence {name} to {} unless it is {inside}", to.start)));
    steps.push(change(Pair::new(&wide, to)).hazard(assumption()));
    steps
}

/// Whether new bounds may want another value: they begin later, or exclude the old start, which the value of a sequence that
/// was never used is.
pub fn value_may_move(pair: Pair<&SequenceOptions>) -> bool {
    let Pair { from, to } = pair;
    let begins_later = if to.increment < 0 { to.max < from.max } else { to.min > from.min };
    begins_later || !(to.min..=to.max).contains(&from.start)
}

impl ObjectDef for Sequence {
    const KIND: Kind = Kind::Sequence;
    const QUERY: &'static str = include_str!("sequence.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let options = SequenceOptions {
            data_type: row.type_name("data_type")?,
            start: row.get("seqstart")?,
            increment: row.get("seqincrement")?,
            min: row.get("seqmin")?,
            max: row.get("seqmax")?,
            cache: row.get("seqcache")?,
            cycle: row.get("seqcycle")?,
        };
        let id = ObjectId::in_schema(Kind::Sequence, row.qname("nspname", "relname")?);
        let found = Found::new(id, Self { options, unlogged: row.char("relpersistence")? == 'u' });
        let owner = row.opt_qname("table_schema", "table_name")?.zip(row.opt_ident("attname")?);
        Ok(Some(Found { auto: owner.map(|(table, column)| ObjectId::on(Kind::Column, table, column)), ..found }))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { options, unlogged } = self;
        let mut words = vec![if *unlogged { "CREATE UNLOGGED SEQUENCE".to_owned() } else { "CREATE SEQUENCE".to_owned() }, id.spelled()];
        if options.data_type.0 != "bigint" {
            words.push(format!("AS {}", options.data_type));
        }
        words.extend(Some(options.clauses()).filter(|clauses| !clauses.is_empty()));
        vec![Step::new(words.join(" "), format!("create sequence {}", id.spelled()))]
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        let Some(name) = id.qname() else { return Vec::new() };
        let step = Step::new(format!("DROP SEQUENCE {name}"), format!("drop sequence {name}"));
        vec![step.lock(name, LockMode::AccessExclusive).hazard(Hazard::Loss(format!("the value of sequence {name}")))]
    }

    /// Never RESTART: the value is data, which [`options_steps`] touches only where it must.
    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self { options, unlogged } = pair.to;
        let Some(name) = id.qname() else { return Change::Replace };
        let mut steps = Vec::new();
        if *options != pair.from.options {
            steps.extend(options_steps(name, pair.map(|sequence| &sequence.options)));
        }
        // It goes with its table, which says what is otherwise.
        let carried = persistence::owner(id, cx).is_some_and(|table| persistence::changes(table, cx));
        if *unlogged != pair.from.unlogged && !carried {
            steps.push(persistence::step(name, *unlogged).lock(name, LockMode::AccessExclusive));
        }
        Change::InPlace(steps)
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        id.qname().map(|name| Slot::Relation(name.clone())).into_iter().collect()
    }

    stands_alone!(keeping drop, slots);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TypeName;

    fn options(data_type: &str, increment: i64) -> SequenceOptions {
        SequenceOptions::defaults(TypeName(data_type.to_owned()), increment)
    }

    #[test]
    fn a_value_out_of_bounds_goes_to_the_start() {
        let (up, down) = (options("bigint", 1), options("integer", -1));
        let steps = options_steps(&QName::new("s", "q"), Pair::new(&down, &up));
        let sql: Vec<&str> = steps.iter().map(|step| step.sql.as_str()).collect();
        assert_eq!(
            sql,
            [
                "ALTER SEQUENCE s.q AS bigint MINVALUE -2147483648 MAXVALUE 9223372036854775807",
                "SELECT pg_catalog.setval('s.q', CASE WHEN last_value < 1 OR NOT is_called AND last_value NOT BETWEEN 1 AND \
                 9223372036854775807 THEN 1 ELSE last_value END, is_called AND NOT (last_value < 1 OR NOT is_called AND \
                 last_value NOT BETWEEN 1 AND 9223372036854775807)) FROM s.q",
                "ALTER SEQUENCE s.q START WITH 1 INCREMENT BY 1 MINVALUE 1",
            ]
        );
        let mut later = up.clone();
        later.start = 5;
        assert_eq!(options_steps(&QName::new("s", "q"), Pair::new(&later, &up)).len(), 1);
    }
}
