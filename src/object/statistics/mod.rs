//! Extended statistics. Parent: the table or materialized view.

mod interpret;

pub use interpret::{copy, interpret_alter, interpret_create};

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::index::is_relation;
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Ident, LockMode, ObjectId, Pair, QName, Step, name_list};

/// What CREATE STATISTICS can gather over several columns or expressions, with its letter in `stxkind`.
const KINDS: [(&str, &str); 3] = [("d", "ndistinct"), ("f", "dependencies"), ("m", "mcv")];

/// Extended statistics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// The table.
    pub relation: QName,
    /// What is gathered: `ndistinct`, `dependencies`, `mcv`. Nothing where they are on one expression alone.
    pub kinds: BTreeSet<String>,
    /// Their columns; PostgreSQL keeps no order of them.
    pub columns: BTreeSet<Ident>,
    /// Their expressions.
    pub expressions: Vec<Expr>,
    /// SET STATISTICS, where one is set.
    pub target: Option<i32>,
}

impl Statistics {
    /// Every kind of statistics: what CREATE STATISTICS gathers where it names none.
    pub fn all_kinds() -> BTreeSet<String> {
        KINDS.iter().map(|(_, word)| (*word).to_owned()).collect()
    }

    fn statement(&self, id: &ObjectId) -> String {
        let Self { relation, kinds, columns, expressions, target: _ } = self;
        let kinds = if kinds.is_empty() || *kinds == Self::all_kinds() {
            String::new()
        } else {
            format!(" ({})", kinds.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
        };
        let columns = (!columns.is_empty()).then(|| name_list(columns));
        let items: Vec<String> = columns.into_iter().chain(expressions.iter().map(|expr| format!("({expr})"))).collect();
        format!("CREATE STATISTICS {}{kinds} ON {} FROM {relation}", id.spelled(), items.join(", "))
    }

    fn target_step(&self, id: &ObjectId) -> Step {
        let target = self.target.unwrap_or(-1);
        Step::new(
            format!("ALTER STATISTICS {} SET STATISTICS {target}", id.spelled()),
            format!("change the statistics target of {}", id.spelled()),
        )
    }

    fn locked(&self, step: Step, cx: &Cx<'_>) -> Step {
        let stays = [Kind::Table, Kind::MaterializedView].into_iter().any(|kind| cx.stays(&ObjectId::in_schema(kind, self.relation.clone())));
        if stays { step.lock(&self.relation, LockMode::ShareUpdateExclusive) } else { step }
    }
}

impl ObjectDef for Statistics {
    const KIND: Kind = Kind::Statistics;
    const QUERY: &'static str = include_str!("statistics.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_statistic_ext", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let id = ObjectId::in_schema(Kind::Statistics, row.qname("stxnspname", "stxname")?);
        let relation = row.qname("nspname", "relname")?;
        let letters: Vec<String> = row.get("stxkind")?;
        // `e` stands for the statistics on expressions, which come without being asked for.
        if let Some(letter) = letters.iter().find(|letter| *letter != "e" && !KINDS.iter().any(|(known, _)| known == letter)) {
            return Err(ReadError::Unknown { object: id.to_string(), column: "stxkind", value: letter.clone() });
        }
        let kinds = KINDS.iter().filter(|(known, _)| letters.iter().any(|letter| letter == known)).map(|(_, word)| (*word).to_owned());
        let texts: Option<Vec<String>> = row.get("expressions")?;
        let expressions: Result<Vec<Expr>, ReadError> =
            texts.unwrap_or_default().iter().map(|text| super::read::expr(text, &id)).collect();
        let kind = if row.char("relkind")? == 'm' { Kind::MaterializedView } else { Kind::Table };
        let statistics = Self {
            kinds: kinds.collect(),
            columns: row.idents("columns")?.into_iter().collect(),
            expressions: expressions?,
            target: row.get("stxstattarget")?,
            relation: relation.clone(),
        };
        Ok(Some(Found::child(id, statistics, ObjectId::in_schema(kind, relation))))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let step = Step::new(self.statement(id), format!("create statistics {} on {}", id.spelled(), self.relation));
        let mut steps = vec![self.locked(step, cx)];
        if self.target.is_some() {
            steps.push(self.target_step(id));
        }
        steps
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let step = Step::new(format!("DROP STATISTICS {}", id.spelled()), format!("drop statistics {}", id.spelled()));
        vec![self.locked(step, cx)]
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self { relation, kinds, columns, expressions, target } = pair.to;
        let from = pair.from;
        if (relation, kinds, columns, expressions) != (&from.relation, &from.kinds, &from.columns, &from.expressions) {
            return Change::Replace;
        }
        Change::InPlace(if *target == from.target { Vec::new() } else { vec![pair.to.target_step(id)] })
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    /// From 14 on a column's new type has its statistics made anew (`RememberStatisticsForRebuilding`), without their target.
    fn withstands(&self, _: &ObjectId, disturbed: &ObjectId) -> bool {
        disturbed.kind != Kind::Column || (self.expressions.is_empty() && self.target.is_none())
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, _: &ObjectId) -> Vec<Slot> {
        Vec::new()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        self.expressions.iter_mut().collect()
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        if from.kind == Kind::Column
            && from.qname() == Some(&self.relation)
            && let (Some(old), Some(new)) = (from.name(), to.name())
            && self.columns.remove(old)
        {
            self.columns.insert(new.clone());
        }
        if let (true, Some(new)) = (is_relation(from, &self.relation), to.qname()) {
            self.relation = new.clone();
        }
    }
}
