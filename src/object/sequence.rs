//! Sequences, and the options that identity columns share with them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Hazard, LockMode, ObjectId, Pair, QName, Step, TypeName, quote_literal};

/// What CREATE SEQUENCE and GENERATED .. AS IDENTITY take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceOptions {
    /// smallint, integer or bigint.
    pub data_type: TypeName,
    /// START WITH.
    pub start: i64,
    /// INCREMENT BY.
    pub increment: i64,
    /// MINVALUE.
    pub min: i64,
    /// MAXVALUE.
    pub max: i64,
    /// CACHE.
    pub cache: i64,
    /// CYCLE.
    pub cycle: bool,
}

impl SequenceOptions {
    /// What PostgreSQL takes where nothing else is said: the whole positive (or, descending, negative) half of the type,
    /// from its near end (`init_params` in src/backend/commands/sequence.c).
    pub fn defaults(data_type: TypeName, increment: i64) -> Self {
        let limits = limits(&data_type);
        let (min, max) = if increment < 0 { (limits.0, -1) } else { (1, limits.1) };
        Self { data_type, start: if increment < 0 { max } else { min }, increment, min, max, cache: 1, cycle: false }
    }

    /// The options that differ from PostgreSQL's defaults, as CREATE SEQUENCE and GENERATED .. AS IDENTITY take them. The
    /// type is left out: an identity column gives it, and CREATE SEQUENCE says it before them.
    pub fn clauses(&self) -> String {
        let mut base = Self::defaults(self.data_type.clone(), self.increment);
        // START falls back to the bound that it starts from, whatever that is.
        base.start = if self.increment < 0 { self.max } else { self.min };
        base.increment = 1;
        self.differing(&base).join(" ")
    }

    /// What ALTER SEQUENCE must say to make the second of the first, the type included; one clause each. ALTER TABLE .. ALTER
    /// COLUMN wants `SET` before each, and no `AS`, since ALTER COLUMN TYPE carries the sequence along.
    pub fn changes(pair: Pair<&Self>) -> Vec<String> {
        let mut clauses = Vec::new();
        if pair.from.data_type != pair.to.data_type {
            clauses.push(format!("AS {}", pair.to.data_type));
        }
        clauses.extend(pair.to.differing(&pair.from.retyped(&pair.to.data_type)));
        clauses
    }

    /// What `AS type` makes of it: bounds that were those of the old type become those of the new one (`init_params`).
    pub fn retyped(&self, data_type: &TypeName) -> Self {
        let (old, new) = (limits(&self.data_type), limits(data_type));
        let mut options = self.clone();
        if self.data_type != *data_type {
            options.data_type = data_type.clone();
            options.min = if self.min == old.0 { new.0 } else { self.min };
            options.max = if self.max == old.1 { new.1 } else { self.max };
        }
        options
    }

    /// The clauses for what differs, but for the type.
    fn differing(&self, base: &Self) -> Vec<String> {
        let Self { data_type: _, start, increment, min, max, cache, cycle } = self;
        let numbers = [
            ("START WITH", *start, base.start),
            ("INCREMENT BY", *increment, base.increment),
            ("MINVALUE", *min, base.min),
            ("MAXVALUE", *max, base.max),
            ("CACHE", *cache, base.cache),
        ];
        let mut clauses: Vec<String> =
            numbers.into_iter().filter(|(_, new, old)| new != old).map(|(name, new, _)| format!("{name} {new}")).collect();
        if *cycle != base.cycle {
            clauses.push(if *cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
        }
        clauses
    }
}

/// The limits of a sequence's type.
fn limits(data_type: &TypeName) -> (i64, i64) {
    match data_type.0.as_str() {
        "smallint" => (i16::MIN.into(), i16::MAX.into()),
        "integer" => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    }
}

/// A sequence; its value is data and is never touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Its options.
    pub options: SequenceOptions,
    /// UNLOGGED (15 and later).
    pub unlogged: bool,
}

impl Sequence {
    /// LOGGED or UNLOGGED, in SQL's word.
    const fn persistence(&self) -> &'static str {
        if self.unlogged { "UNLOGGED" } else { "LOGGED" }
    }
}

/// ALTER SEQUENCE for one that may have been used. Where the old start lies outside of the new bounds, so does the value of
/// a sequence that was never used, and PostgreSQL would refuse them: the value goes to the new start if it must.
fn options_steps(name: &QName, pair: Pair<&SequenceOptions>) -> Vec<Step> {
    let Pair { from, to } = pair;
    let change = |pair: Pair<&SequenceOptions>| {
        let sql = format!("ALTER SEQUENCE {name} {}", SequenceOptions::changes(pair).join(" "));
        Step::new(sql, format!("change sequence {name}")).lock(name, LockMode::ShareRowExclusive)
    };
    let inside = format!("BETWEEN {} AND {}", to.min, to.max);
    if (to.min..=to.max).contains(&from.start) {
        let step = change(pair);
        let narrower = to.min > from.min || to.max < from.max;
        let assumption = || Hazard::Assumes(format!("the value of sequence {name} is {}", inside.to_lowercase()));
        return vec![if narrower { step.hazard(assumption()) } else { step }];
    }
    let mut wide = from.clone();
    let mut steps = Vec::new();
    if !(from.min..=from.max).contains(&to.start) {
        let data_type = if limits(&from.data_type).1 < limits(&to.data_type).1 { &to.data_type } else { &from.data_type };
        wide = SequenceOptions { data_type: data_type.clone(), min: from.min.min(to.min), max: from.max.max(to.max), ..wide };
        steps.push(change(Pair::new(from, &wide)));
    }
    let literal = quote_literal(&name.to_string());
    let value = format!("CASE WHEN last_value {inside} THEN last_value ELSE {} END", to.start);
    let sql = format!("SELECT pg_catalog.setval({literal}, {value}, is_called AND last_value {inside}) FROM {name}");
    steps.push(Step::new(sql, format!("bring the value of sequence {name} to {} unless it is {}", to.start, inside.to_lowercase())));
    steps.push(change(Pair::new(&wide, to)));
    steps
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

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
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

    /// Never RESTART: the value is data. Where it lies outside of new bounds, PostgreSQL refuses them.
    fn alter(id: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self { options, unlogged } = pair.to;
        let Some(name) = id.qname() else { return Change::Replace };
        let mut steps = Vec::new();
        if *options != pair.from.options {
            steps.extend(options_steps(name, pair.map(|sequence| &sequence.options)));
        }
        if *unlogged != pair.from.unlogged {
            let persistence = pair.to.persistence();
            let sql = format!("ALTER SEQUENCE {name} SET {persistence}");
            steps.push(Step::new(sql, format!("make sequence {name} {persistence}")).lock(name, LockMode::AccessExclusive));
        }
        Change::InPlace(steps)
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    fn withstands(&self, _: &ObjectId, _: &ObjectId) -> bool {
        true
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        id.qname().map(|name| Slot::Relation(name.clone())).into_iter().collect()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(data_type: &str, increment: i64) -> SequenceOptions {
        SequenceOptions::defaults(TypeName(data_type.to_owned()), increment)
    }

    #[test]
    fn defaults_are_not_said() {
        assert_eq!(options("integer", 1).clauses(), "");
        assert_eq!(options("bigint", -2).clauses(), "INCREMENT BY -2");
        let mut odd = options("smallint", 1);
        odd.min = 5;
        odd.start = 5;
        odd.cycle = true;
        assert_eq!(odd.clauses(), "MINVALUE 5 CYCLE");
        odd.start = 6;
        assert_eq!(odd.clauses(), "START WITH 6 MINVALUE 5 CYCLE");
    }

    #[test]
    fn bounds_follow_the_type_by_themselves() {
        let (small, big) = (options("integer", 1), options("bigint", 1));
        assert_eq!(SequenceOptions::changes(Pair::new(&big, &small)), ["AS integer"]);
        let mut bounded = big.clone();
        bounded.max = i32::MAX.into();
        assert_eq!(SequenceOptions::changes(Pair::new(&small, &bounded)), ["AS bigint", "MAXVALUE 2147483647"]);
        assert_eq!(SequenceOptions::changes(Pair::new(&bounded, &small)), ["AS integer"]);
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
                "SELECT pg_catalog.setval('s.q', CASE WHEN last_value BETWEEN 1 AND 9223372036854775807 THEN last_value ELSE 1 END, \
                 is_called AND last_value BETWEEN 1 AND 9223372036854775807) FROM s.q",
                "ALTER SEQUENCE s.q START WITH 1 INCREMENT BY 1 MINVALUE 1",
            ]
        );
        let mut later = up.clone();
        later.start = 5;
        assert_eq!(options_steps(&QName::new("s", "q"), Pair::new(&later, &up)).len(), 1);
    }
}
