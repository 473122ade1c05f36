//! Materialized views.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::table::ReplicaIdentity;
use super::view::{Output, drop_step, locked, pretty, relation_slots};
use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Hazard, Ident, LockMode, ObjectId, Options, Pair, Step, option_changes, with_options};

/// Whether a materialized view has been filled. That is a state of its rows, and no difference of schemas: a plan must not empty what
/// is in use because a dump says WITH NO DATA of everything.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Populated(pub bool);

impl PartialEq for Populated {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Populated {}

/// A materialized view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterializedView {
    /// The query.
    pub query: Expr,
    /// What it gives.
    pub columns: Output,
    /// Storage parameters, those of its TOAST table with `toast.` before them.
    pub options: Options,
    /// The access method, where it is not heap.
    pub access_method: Option<Ident>,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<Ident>,
    /// REPLICA IDENTITY.
    pub replica_identity: ReplicaIdentity,
    /// Whether some index is the one of CLUSTER ON; the index itself says that it is the one.
    pub clustered: bool,
    /// WITH DATA.
    pub populated: Populated,
}

impl MaterializedView {
    /// Whether it has rows once it is made: what was filled before must be so again. One that reads another that has none cannot have any.
    fn filled(&self, id: &ObjectId, cx: &Cx<'_>) -> bool {
        let was = matches!(cx.from.object(id), Some(Object::MaterializedView(old)) if old.populated.0);
        was && cx.stays(id) || (was || self.populated.0 && !cx.stays(id)) && Self::read_by(id, cx).iter().all(|(id, view)| view.filled(id, cx))
    }

    /// The materialized views that it reads, be it by views.
    fn read_by<'a>(id: &ObjectId, cx: &Cx<'a>) -> Vec<(&'a ObjectId, &'a Self)> {
        let (mut open, mut seen, mut found) = (vec![id], BTreeSet::new(), Vec::new());
        while let Some(entry) = open.pop().and_then(|id| cx.to.get(id)) {
            for (need, entry) in entry.needs.iter().filter_map(|need| Some((need, cx.to.get(need)?))) {
                match &entry.object {
                    _ if !seen.insert(need) => {}
                    Object::MaterializedView(view) => found.push((need, view)),
                    Object::View(_) => open.push(need),
                    _ => {}
                }
            }
        }
        found
    }

    fn definition(&self, id: &ObjectId, filled: bool) -> String {
        let Self { query, columns, options, access_method, tablespace, replica_identity: _, clustered: _, populated: _ } = self;
        let mut head = format!("CREATE MATERIALIZED VIEW {}{}", id.spelled(), columns.list(query));
        if let Some(method) = access_method {
            head.push_str(&format!(" USING {method}"));
        }
        head.push_str(&with_options(options));
        if let Some(tablespace) = tablespace {
            head.push_str(&format!(" TABLESPACE {tablespace}"));
        }
        format!("{head} AS\n{}\nWITH {}DATA", pretty(query), if filled { "" } else { "NO " })
    }
}

/// `ALTER MATERIALIZED VIEW .. REPLICA IDENTITY`; an index says itself that it is the one.
fn identity_step(id: &ObjectId, identity: ReplicaIdentity) -> Option<Step> {
    let word = match identity {
        ReplicaIdentity::Default => "DEFAULT",
        ReplicaIdentity::Full => "FULL",
        ReplicaIdentity::Nothing => "NOTHING",
        ReplicaIdentity::Index => return None,
    };
    Some(change(id, &format!("REPLICA IDENTITY {word}"), "replica identity", LockMode::AccessExclusive))
}

fn change(id: &ObjectId, clause: &str, what: &str, mode: LockMode) -> Step {
    let step = Step::new(format!("ALTER {} {clause}", id.address()), format!("change {what} of materialized view {}", id.spelled()));
    locked(step, id, mode)
}

/// A change that writes the view's file anew.
fn moved(id: &ObjectId, clause: &str, what: &str) -> Step {
    let step = change(id, clause, what, LockMode::AccessExclusive);
    let step = step.hazard(Hazard::Blocks(format!("materialized view {} is written anew", id.spelled())));
    match id.qname() {
        Some(name) => step.rewrite(name),
        None => step,
    }
}

impl ObjectDef for MaterializedView {
    const KIND: Kind = Kind::MaterializedView;
    const QUERY: &'static str = include_str!("materialized_view.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let id = ObjectId::in_schema(Kind::MaterializedView, row.qname("nspname", "relname")?);
        let replica_identity = match row.char("relreplident")? {
            'd' => ReplicaIdentity::Default,
            'f' => ReplicaIdentity::Full,
            'n' => ReplicaIdentity::Nothing,
            'i' => ReplicaIdentity::Index,
            other => return Err(ReadError::Unknown { object: id.to_string(), column: "relreplident", value: other.to_string() }),
        };
        let view = Self {
            query: row.query("query", &id)?,
            columns: Output::read(row)?,
            options: row.options("options")?,
            access_method: row.opt_ident("access_method")?,
            tablespace: row.opt_ident("tablespace")?,
            replica_identity,
            clustered: row.get("clustered")?,
            populated: Populated(row.get("relispopulated")?),
        };
        Ok(Some(Found::new(id, view)))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        let filled = self.filled(id, cx);
        let mut step = Step::new(self.definition(id, filled), format!("create materialized view {}", id.spelled()));
        if filled {
            let needs = cx.to.get(id).map(|entry| entry.needs.iter().filter(|need| cx.stays(need)).collect::<Vec<_>>()).unwrap_or_default();
            let tables: BTreeSet<_> = needs.iter().filter(|need| need.kind == Kind::Table || need.kind == Kind::Column).collect();
            let names: BTreeSet<_> = tables.into_iter().filter_map(|table| table.qname()).collect();
            step = names.into_iter().fold(step, |step, table| step.lock(table, LockMode::AccessShare).scan(table));
            if cx.from.contains(id) {
                let what = format!("materialized view {} cannot be read until its query has run again", id.spelled());
                step = step.hazard(Hazard::Blocks(what));
            }
        }
        let identity = (self.replica_identity != ReplicaIdentity::Default).then(|| identity_step(id, self.replica_identity)).flatten();
        [step].into_iter().chain(identity).collect()
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        vec![drop_step(id, "materialized view", cx)]
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self { query, columns, options, access_method, tablespace, replica_identity, clustered, populated: _ } = pair.to;
        let from = pair.from;
        // SET ACCESS METHOD is since 15.
        if *query != from.query || *columns != from.columns || (*access_method != from.access_method && cx.major() < 15) {
            return Change::Replace;
        }
        let mut steps = Vec::new();
        if *access_method != from.access_method {
            let method = access_method.as_ref().map_or_else(|| "heap".to_owned(), Ident::quoted);
            steps.push(moved(id, &format!("SET ACCESS METHOD {method}"), "access method"));
        }
        if *tablespace != from.tablespace {
            let tablespace = tablespace.as_ref().map_or_else(|| "pg_default".to_owned(), Ident::quoted);
            steps.push(moved(id, &format!("SET TABLESPACE {tablespace}"), "tablespace"));
        }
        let (set, reset) = option_changes(Pair::new(&from.options, options));
        let clauses = [set.map(|list| format!("SET ({list})")), reset.map(|list| format!("RESET ({list})"))];
        steps.extend(clauses.into_iter().flatten().map(|clause| change(id, &clause, "options", LockMode::ShareUpdateExclusive)));
        if *replica_identity != from.replica_identity {
            steps.extend(identity_step(id, *replica_identity));
        }
        if from.clustered && !clustered {
            steps.push(change(id, "SET WITHOUT CLUSTER", "clustering", LockMode::ShareUpdateExclusive));
        }
        Change::InPlace(steps)
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    /// PostgreSQL refuses to change the type of a column that a view uses.
    fn withstands(&self, _: &ObjectId, _: &ObjectId) -> bool {
        false
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        relation_slots(id)
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        vec![&mut self.query]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Catalog, Entry, QName};

    fn sample(populated: bool) -> MaterializedView {
        MaterializedView {
            query: Expr::new("SELECT 1 AS a"),
            columns: Output::default(),
            options: [("fillfactor".to_owned(), "70".to_owned())].into(),
            access_method: None,
            tablespace: Some("fast".into()),
            replica_identity: ReplicaIdentity::Default,
            clustered: false,
            populated: Populated(populated),
        }
    }

    #[test]
    fn what_was_filled_is_filled_again() {
        let id = ObjectId::in_schema(Kind::MaterializedView, QName::new("s", "m"));
        let (mut from, to, created) = (Catalog::empty(17), Catalog::empty(17), BTreeSet::new());
        let sql = |from: &Catalog| {
            let cx = Cx { from, to: &to, online: true, created: &created };
            sample(false).create(&id, &BTreeSet::new(), &cx).first().map(|step| step.sql.clone()).unwrap_or_default()
        };
        assert!(sql(&from).starts_with("CREATE MATERIALIZED VIEW s.m WITH (fillfactor = 70) TABLESPACE fast AS\n"));
        assert!(sql(&from).ends_with("\nWITH NO DATA"));
        from.insert(id.clone(), Entry::new(sample(true), None));
        assert!(sql(&from).ends_with("\nWITH DATA"));
        assert_eq!(sample(true), sample(false));
    }

    #[test]
    fn storage_changes_in_place() {
        let id = ObjectId::in_schema(Kind::MaterializedView, QName::new("s", "m"));
        let (none, created) = (Catalog::empty(14), BTreeSet::new());
        let cx = Cx { from: &none, to: &none, online: true, created: &created };
        let to = MaterializedView { options: Options::new(), tablespace: None, ..sample(true) };
        let sql: Vec<String> = match MaterializedView::alter(&id, Pair::new(&sample(true), &to), &cx) {
            Change::InPlace(steps) => steps.into_iter().map(|step| step.sql).collect(),
            _ => Vec::new(),
        };
        assert_eq!(sql, ["ALTER MATERIALIZED VIEW s.m SET TABLESPACE pg_default", "ALTER MATERIALIZED VIEW s.m RESET (fillfactor)"]);
        let other = MaterializedView { access_method: Some("columnar".into()), ..sample(true) };
        assert_eq!(MaterializedView::alter(&id, Pair::new(&sample(true), &other), &cx), Change::Replace);
    }
}
