//! Columns of views and materialized views, where something was said of them alone (a comment, a default, privileges).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::view::locked;
use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Catalog, Entry, Expr, Ident, LockMode, ObjectId, Options, Pair, Step, option_changes};

/// A column of a view or materialized view. Comment and privileges are satellites of it, and nothing else may be said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewColumn {
    /// ALTER VIEW .. ALTER COLUMN .. SET DEFAULT.
    pub default: Option<Expr>,
    /// SET STATISTICS of a materialized view's column.
    pub statistics: Option<i32>,
    /// The storage (PLAIN, EXTERNAL, EXTENDED, MAIN) of a materialized view's column, where it is not the type's.
    pub storage: Option<String>,
    /// The compression method of a materialized view's column, where one is set.
    pub compression: Option<Ident>,
    /// SET (n_distinct = ..) of a materialized view's column.
    pub options: Options,
}

/// Takes out those of which nothing is said any more.
pub fn leave_bare(catalog: &mut Catalog) {
    let is_bare = |entry: &Entry| matches!(&entry.object, Object::ViewColumn(column) if *column == ViewColumn::default());
    let columns = catalog.of_kind(Kind::ViewColumn).filter(|(id, entry)| is_bare(entry) && catalog.children(id).next().is_none());
    let bare: Vec<ObjectId> = columns.map(|(id, _)| id.clone()).collect();
    for id in bare {
        catalog.remove(&id);
    }
}

/// The view that has it.
fn view_of(id: &ObjectId, cx: &Cx<'_>) -> Option<ObjectId> {
    let name = id.qname()?;
    let kinds = [Kind::View, Kind::MaterializedView].map(|kind| ObjectId::in_schema(kind, name.clone()));
    kinds.into_iter().find(|view| cx.to.contains(view) || cx.from.contains(view))
}

/// The storage of a type whose storage can be changed: `pg_type.typstorage` of the few that are MAIN. SET STORAGE DEFAULT is
/// since 16.
fn default_storage(view: &ObjectId, column: &Ident, cx: &Cx<'_>) -> &'static str {
    if cx.major() >= 16 {
        return "DEFAULT";
    }
    let Some(Object::MaterializedView(view)) = cx.to.object(view) else { return "EXTENDED" };
    let type_name = view.columns.0.iter().find(|output| output.name == *column).and_then(|output| output.type_name.as_ref());
    let is_main = type_name.is_some_and(|name| ["numeric", "inet", "cidr"].iter().any(|main| name.0.starts_with(main)));
    if is_main { "MAIN" } else { "EXTENDED" }
}

/// What makes `to` of `from`.
fn changes(id: &ObjectId, pair: Pair<&ViewColumn>, cx: &Cx<'_>) -> Vec<Step> {
    let (Some(view), Some(column)) = (view_of(id, cx), id.name()) else { return Vec::new() };
    let ViewColumn { default, statistics, storage, compression, options } = pair.to;
    let from = pair.from;
    let mut clauses = Vec::new();
    if *default != from.default {
        let clause = default.as_ref().map_or_else(|| "DROP DEFAULT".to_owned(), |default| format!("SET DEFAULT {default}"));
        clauses.push((clause, LockMode::AccessExclusive));
    }
    if *statistics != from.statistics {
        clauses.push((format!("SET STATISTICS {}", statistics.unwrap_or(-1)), LockMode::ShareUpdateExclusive));
    }
    if *storage != from.storage {
        let storage = storage.as_deref().unwrap_or_else(|| default_storage(&view, column, cx));
        clauses.push((format!("SET STORAGE {storage}"), LockMode::AccessExclusive));
    }
    if *compression != from.compression {
        let method = compression.as_ref().map_or_else(|| "DEFAULT".to_owned(), Ident::quoted);
        clauses.push((format!("SET COMPRESSION {method}"), LockMode::AccessExclusive));
    }
    let (set, reset) = option_changes(Pair::new(&from.options, options));
    clauses.extend(set.map(|list| (format!("SET ({list})"), LockMode::ShareUpdateExclusive)));
    clauses.extend(reset.map(|list| (format!("RESET ({list})"), LockMode::ShareUpdateExclusive)));
    let step = |(clause, mode): (String, LockMode)| {
        let step = Step::new(format!("ALTER {} ALTER COLUMN {column} {clause}", view.address()), format!("change column {}", id.spelled()));
        if cx.stays(&view) { locked(step, id, mode) } else { step }
    };
    clauses.into_iter().map(step).collect()
}

impl ObjectDef for ViewColumn {
    const KIND: Kind = Kind::ViewColumn;
    const QUERY: &'static str = include_str!("view_column.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let name = row.qname("nspname", "relname")?;
        let kind = if row.char("relkind")? == 'm' { Kind::MaterializedView } else { Kind::View };
        let id = ObjectId::on(Kind::ViewColumn, name.clone(), row.ident("attname")?);
        let letter: Option<i8> = row.get("storage")?;
        let storage = match letter.map(|letter| char::from(letter.cast_unsigned())) {
            None => None,
            Some('p') => Some("PLAIN"),
            Some('e') => Some("EXTERNAL"),
            Some('x') => Some("EXTENDED"),
            Some('m') => Some("MAIN"),
            Some(other) => return Err(ReadError::Unknown { object: id.to_string(), column: "attstorage", value: other.to_string() }),
        };
        let compression = match row.char("attcompression")? {
            '\0' => None,
            'p' => Some("pglz"),
            'l' => Some("lz4"),
            other => return Err(ReadError::Unknown { object: id.to_string(), column: "attcompression", value: other.to_string() }),
        };
        let column = Self {
            default: row.opt_expr("default_expr", &id)?,
            statistics: row.get("statistics")?,
            storage: storage.map(str::to_owned),
            compression: compression.map(Ident::new),
            options: row.options("attoptions")?,
        };
        Ok(Some(Found::child(id, column, ObjectId::in_schema(kind, name))))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        changes(id, Pair::new(&Self::default(), self), cx)
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        changes(id, Pair::new(self, &Self::default()), cx)
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        Change::InPlace(changes(id, pair, cx))
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

    fn slots(&self, _: &ObjectId) -> Vec<Slot> {
        Vec::new()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        self.default.iter_mut().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Catalog, Entry, QName};
    use crate::object::view::{Output, View};

    #[test]
    fn everything_said_can_be_taken_back() {
        let name = QName::new("s", "v");
        let mut catalog = Catalog::empty(15);
        let view = View { query: Expr::new("SELECT 1 AS \"A\""), columns: Output::default(), options: Options::new() };
        catalog.insert(ObjectId::in_schema(Kind::View, name.clone()), Entry::new(view, None));
        let created = BTreeSet::new();
        let cx = Cx { from: &catalog, to: &catalog, online: true, created: &created };
        let column = ViewColumn {
            default: Some(Expr::new("5")),
            statistics: Some(10),
            storage: Some("EXTERNAL".to_owned()),
            compression: Some("lz4".into()),
            options: [("n_distinct".to_owned(), "5".to_owned())].into(),
        };
        let id = ObjectId::on(Kind::ViewColumn, name, "A");
        let clauses = |steps: Vec<Step>| -> Vec<String> {
            steps.into_iter().map(|step| step.sql.replace("ALTER VIEW s.v ALTER COLUMN \"A\" ", "")).collect()
        };
        assert_eq!(
            clauses(column.create(&id, &BTreeSet::new(), &cx)),
            ["SET DEFAULT 5", "SET STATISTICS 10", "SET STORAGE EXTERNAL", "SET COMPRESSION lz4", "SET (n_distinct = 5)"]
        );
        assert_eq!(
            clauses(column.drop(&id, &cx)),
            ["DROP DEFAULT", "SET STATISTICS -1", "SET STORAGE EXTENDED", "SET COMPRESSION DEFAULT", "RESET (n_distinct)"]
        );
    }
}
