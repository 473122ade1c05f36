//! The options of sequences and identity columns: what they are, how they are said, and how statements set them.

use pg_query::protobuf::DefElem;
use pg_query::{Node, NodeEnum};

use serde::{Deserialize, Serialize};

use crate::model::{Pair, TypeName};
use crate::object::DdlError;
use crate::sql::literal::{def_elems, flag, integer};

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

    /// What it must be before it is taken along to the type of its column, where that refuses numbers which it has: what it shall be at last.
    pub fn narrowed(pair: Pair<&Self>, data_type: &TypeName) -> Option<Self> {
        let (min, max) = limits(data_type);
        let within = |options: &Self| [options.min, options.max, options.start].iter().all(|number| (min..=max).contains(number));
        (!within(&pair.from.retyped(data_type)) && within(pair.to)).then(|| Self { data_type: pair.from.data_type.clone(), ..pair.to.clone() })
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
pub(super) fn limits(data_type: &TypeName) -> (i64, i64) {
    match data_type.0.as_str() {
        "smallint" => (i16::MIN.into(), i16::MAX.into()),
        "integer" => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    }
}

impl SequenceOptions {
    /// What CREATE SEQUENCE makes of its options, of the type that they do not give themselves.
    ///
    /// # Errors
    /// As [`altered`](Self::altered).
    pub fn of(options: &[Node], data_type: TypeName) -> Result<Self, DdlError> {
        let given = Given::of(options)?;
        let data_type = given.data_type.clone().unwrap_or(data_type);
        let base = Self::defaults(data_type, given.increment.unwrap_or(1));
        let mut wanted = given.bounded(base);
        wanted.start = given.start.unwrap_or(wanted.near_end());
        wanted.checked()
    }

    /// What ALTER SEQUENCE makes of them. RESTART is data and is passed over.
    ///
    /// # Errors
    /// Where PostgreSQL would refuse an option (`init_params` in src/backend/commands/sequence.c).
    pub fn altered(&self, options: &[Node]) -> Result<Self, DdlError> {
        let given = Given::of(options)?;
        let mut base = given.data_type.as_ref().map_or_else(|| self.clone(), |data_type| self.retyped(data_type));
        base.increment = given.increment.unwrap_or(self.increment);
        let mut wanted = given.bounded(base);
        wanted.start = given.start.unwrap_or(self.start);
        wanted.checked()
    }

    const fn near_end(&self) -> i64 {
        if self.increment < 0 { self.max } else { self.min }
    }

    fn checked(self) -> Result<Self, DdlError> {
        let Self { data_type, start, increment, min, max, cache, cycle: _ } = &self;
        let (least, greatest) = limits(data_type);
        let refusal = if !matches!(data_type.0.as_str(), "smallint" | "integer" | "bigint") {
            "sequence type must be smallint, integer, or bigint".to_owned()
        } else if *increment == 0 {
            "INCREMENT must not be zero".to_owned()
        } else if *max > greatest || *max < least {
            format!("MAXVALUE ({max}) is out of range for sequence data type {data_type}")
        } else if *min > greatest || *min < least {
            format!("MINVALUE ({min}) is out of range for sequence data type {data_type}")
        } else if min >= max {
            format!("MINVALUE ({min}) must be less than MAXVALUE ({max})")
        } else if start < min {
            format!("START value ({start}) cannot be less than MINVALUE ({min})")
        } else if start > max {
            format!("START value ({start}) cannot be greater than MAXVALUE ({max})")
        } else if *cache <= 0 {
            format!("CACHE ({cache}) must be greater than zero")
        } else {
            return Ok(self);
        };
        Err(DdlError::Invalid(refusal))
    }
}

/// A bound as a statement gives it.
#[derive(Clone, Copy)]
enum Bound {
    /// Nothing is said.
    Unsaid,
    /// NO MINVALUE, NO MAXVALUE.
    No,
    /// A number.
    Is(i64),
}

/// The options that a statement gives.
struct Given {
    data_type: Option<TypeName>,
    start: Option<i64>,
    increment: Option<i64>,
    min: Bound,
    max: Bound,
    cache: Option<i64>,
    cycle: Option<bool>,
}

impl Given {
    fn of(options: &[Node]) -> Result<Self, DdlError> {
        let mut given = Self { data_type: None, start: None, increment: None, min: Bound::Unsaid, max: Bound::Unsaid, cache: None, cycle: None };
        for option in def_elems(options) {
            match option.defname.as_str() {
                "as" => given.data_type = Some(data_type(option)?),
                "start" => given.start = Some(number(option)?),
                "increment" => given.increment = Some(number(option)?),
                "minvalue" => given.min = bound(option)?,
                "maxvalue" => given.max = bound(option)?,
                "cache" => given.cache = Some(number(option)?),
                "cycle" => given.cycle = Some(flag(option)?),
                // What these say is no option of the sequence itself.
                "owned_by" | "sequence_name" | "restart" | "logged" | "unlogged" => {}
                other => return Err(DdlError::Unsupported(format!("the sequence option {other}"))),
            }
        }
        Ok(given)
    }

    /// Everything but the start.
    fn bounded(&self, base: SequenceOptions) -> SequenceOptions {
        let defaults = SequenceOptions::defaults(base.data_type.clone(), base.increment);
        let pick = |bound, default, present| match bound {
            Bound::Unsaid => present,
            Bound::No => default,
            Bound::Is(value) => value,
        };
        SequenceOptions {
            min: pick(self.min, defaults.min, base.min),
            max: pick(self.max, defaults.max, base.max),
            cache: self.cache.unwrap_or(base.cache),
            cycle: self.cycle.unwrap_or(base.cycle),
            ..base
        }
    }
}

fn data_type(option: &DefElem) -> Result<TypeName, DdlError> {
    let name = match option.arg.as_deref().and_then(|node| node.node.as_ref()) {
        Some(NodeEnum::TypeName(name)) => crate::sql::types::spell(name)?.builtin(),
        _ => None,
    };
    name.map(TypeName).ok_or_else(|| DdlError::Invalid("sequence type must be smallint, integer, or bigint".to_owned()))
}

fn number(option: &DefElem) -> Result<i64, DdlError> {
    let value = option.arg.as_deref().and_then(integer);
    value.ok_or_else(|| DdlError::Invalid(format!("{} of a sequence must be a bigint", option.defname.to_uppercase())))
}

fn bound(option: &DefElem) -> Result<Bound, DdlError> {
    if option.arg.is_none() { Ok(Bound::No) } else { number(option).map(Bound::Is) }
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
}
