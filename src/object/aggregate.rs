//! Aggregates. Key: `Key::Routine` with the types of all arguments, direct and aggregated, by which statements find it too
//! (`extractAggrArgTypes` in src/backend/parser/gram.y takes ORDER BY for a comma).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::routine::{self, Parallel};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot, rename, typing};
use super::rename::FunctionAs;
use crate::model::{Expr, Key, ObjectId, Pair, Step, TypeName};

/// How the state of an aggregate comes about: that of the whole, or that of a moving window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// SFUNC.
    pub function: String,
    /// STYPE.
    pub state: String,
    /// SSPACE, 0 for the default.
    pub space: i32,
    /// FINALFUNC.
    pub last: Option<String>,
    /// FINALFUNC_EXTRA.
    pub extra: bool,
    /// FINALFUNC_MODIFY: `r`, `s` or `w`.
    pub modify: char,
    /// INITCOND.
    pub initial: Option<String>,
}

/// An aggregate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aggregate {
    /// What stands in the parentheses of CREATE.
    pub arguments: String,
    /// `n` for ordinary ones, `o` for ordered sets, `h` for hypothetical sets.
    // `kind` is the tag of all objects.
    #[serde(rename = "aggregate_kind")]
    pub kind: char,
    /// The state of the whole.
    pub transition: Transition,
    /// MSFUNC, MINVFUNC and the like.
    pub moving: Option<(Transition, String)>,
    /// COMBINEFUNC.
    pub combine: Option<String>,
    /// SERIALFUNC.
    pub serialize: Option<String>,
    /// DESERIALFUNC.
    pub deserialize: Option<String>,
    /// SORTOP.
    pub sort_operator: Option<String>,
    /// PARALLEL.
    pub parallel: Parallel,
}

impl Transition {
    fn read(row: &CatalogRow<'_>, moving: bool) -> Result<Option<Self>, ReadError> {
        let column = |whole: &'static str, window: &'static str| if moving { window } else { whole };
        let Some(function) = row.get(column("transfn", "mtransfn"))? else { return Ok(None) };
        Ok(Some(Self {
            function,
            state: row.get(column("transtype", "mtranstype"))?,
            space: row.get(column("aggtransspace", "aggmtransspace"))?,
            last: row.get(column("finalfn", "mfinalfn"))?,
            extra: row.get(column("aggfinalextra", "aggmfinalextra"))?,
            modify: row.char(column("aggfinalmodify", "aggmfinalmodify"))?,
            initial: row.get(column("agginitval", "aggminitval"))?,
        }))
    }

    fn spelled(&self, prefix: &str, kind: char) -> String {
        let Self { function, state, space, last, extra, modify, initial } = self;
        let default = if kind == 'n' { 'r' } else { 'w' };
        let modify = match modify {
            _ if *modify == default || last.is_none() => None,
            'r' => Some("READ_ONLY"),
            's' => Some("SHAREABLE"),
            _ => Some("READ_WRITE"),
        };
        let clauses = [
            ("SFUNC", Some(function.clone())),
            ("STYPE", Some(state.clone())),
            ("SSPACE", (*space != 0).then(|| space.to_string())),
            ("FINALFUNC", last.clone()),
            ("FINALFUNC_EXTRA", plain::flag(*extra)),
            ("FINALFUNC_MODIFY", modify.map(str::to_owned)),
            ("INITCOND", plain::literal(initial.as_ref())),
        ];
        let named = clauses.into_iter().map(|(key, value)| (format!("{prefix}{key}"), value)).collect::<Vec<_>>();
        plain::definition(named.iter().map(|(key, value)| (key.as_str(), value.clone())))
    }
}

impl Aggregate {
    /// Whether it can be called with so many arguments.
    pub fn takes(&self, id: &ObjectId, count: usize) -> bool {
        let Key::Routine(_, types) = &id.key else { return false };
        types.len() == count || self.is_variadic() && count + 1 >= types.len()
    }

    /// Whether its last argument is VARIADIC.
    pub fn is_variadic(&self) -> bool {
        self.arguments.contains("VARIADIC ")
    }
}

impl ObjectDef for Aggregate {
    const KIND: Kind = Kind::Aggregate;
    const QUERY: &'static str = include_str!("aggregate.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_aggregate", "aggfnoid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let (name, types) = routine::read_key(row)?;
        let id = ObjectId::new(Kind::Aggregate, Key::Routine(name, types));
        let Some(transition) = Transition::read(row, false)? else { return Ok(None) };
        let object = Self {
            arguments: row.get("arguments")?,
            kind: row.char("aggkind")?,
            transition,
            moving: Transition::read(row, true)?.zip(row.get::<Option<String>>("minvtransfn")?),
            combine: row.get("combinefn")?,
            serialize: row.get("serialfn")?,
            deserialize: row.get("deserialfn")?,
            sort_operator: row.get("sortop")?,
            parallel: Parallel::from_letter(row.char("proparallel")?, &id)?,
        };
        Ok(Some(Found::new(id, object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { arguments, kind, transition, moving, combine, serialize, deserialize, sort_operator, parallel } = self;
        let mut clauses = vec![transition.spelled("", *kind)];
        if let Some((moving, inverse)) = moving {
            clauses.push(moving.spelled("M", *kind));
            clauses.push(format!("MINVFUNC = {inverse}"));
        }
        let parallel = match parallel {
            Parallel::Safe => Some("SAFE"),
            Parallel::Restricted => Some("RESTRICTED"),
            Parallel::Unsafe => None,
        };
        let others = plain::definition([
            ("COMBINEFUNC", combine.clone()),
            ("SERIALFUNC", serialize.clone()),
            ("DESERIALFUNC", deserialize.clone()),
            ("SORTOP", sort_operator.clone()),
            ("PARALLEL", parallel.map(str::to_owned)),
        ]);
        clauses.extend((!others.is_empty()).then_some(others));
        clauses.extend((*kind == 'h').then(|| "HYPOTHETICAL".to_owned()));
        let arguments = if arguments.is_empty() { "*" } else { arguments };
        plain::create(id, format!("CREATE AGGREGATE {}({arguments}) ({})", routine::name_of(id), clauses.join(", ")))
    }

    fn alter(_: &ObjectId, _: Pair<&Self>, _: &Cx<'_>) -> Change {
        Change::Replace
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        plain::drop(id)
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        routine::slots(id)
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        let Self { arguments, kind: _, transition, moving, combine, serialize, deserialize, sort_operator: _, parallel: _ } = self;
        let (moving, inverse) = moving.as_mut().map(|(moving, inverse)| (moving, inverse)).unzip();
        let mut functions: Vec<&mut String> = inverse.into_iter().chain(combine).chain(serialize).chain(deserialize).collect();
        for transition in [transition].into_iter().chain(moving) {
            let mut state = TypeName(std::mem::take(&mut transition.state));
            typing::rename_type(&mut state, from, to);
            transition.state = state.0;
            functions.extend([&mut transition.function].into_iter().chain(&mut transition.last));
        }
        rename::follow_functions(functions, FunctionAs::Name, from, to);
        let renamed = |word: &str| {
            let mut name = TypeName(word.trim_end_matches(',').to_owned());
            typing::rename_type(&mut name, from, to);
            format!("{name}{}", if word.ends_with(',') { "," } else { "" })
        };
        *arguments = arguments.split(' ').map(renamed).collect::<Vec<_>>().join(" ");
    }

    stands_alone!(keeping drop, slots);
}
