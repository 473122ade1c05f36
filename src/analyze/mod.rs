//! What the server's parse analysis finds out about a tree, as far as a catalog tells it: which column a name means, what a
//! query gives, what `*` stands for. Names of relations must be written out in full before (`Session::resolve`).
//!
//! The walk goes level by level as `transformStmt` does (src/backend/parser/analyze.c); a [`Hook`] is told what was found, and may
//! rewrite the tree while it is there.

mod by_column;
pub mod candidates;
pub mod extensions;
mod from;
mod group;
mod label;
mod notation;
pub mod overload;
mod scope;
mod select;
mod source;
mod system;
pub mod types;
mod write;

pub use by_column::{by_column, by_place, is_made_unique};
pub use label::{figure_name, label};
pub use scope::{Attr, Found, Level, Source, SourceKind};
pub use source::{attributes, fields_of_type, relation_of, spelled, type_called};
pub use system::is_relation_of_system;

use std::collections::{BTreeMap, BTreeSet};

use pg_query::protobuf::{Alias, ColumnRef, JsonTable, RangeTableFunc, ResTarget, SelectStmt, SubLink};
use pg_query::{Node, NodeEnum};

use crate::model::{Catalog, Ident, Key, ObjectId, QName};
use crate::object::Kind;
use crate::sql::literal::names;
use crate::sql::walk::{NodeMut, VisitorMut, Walk};

/// What an expression can name beside what its own queries bring.
#[derive(Clone, Debug)]
pub enum Scope<'a> {
    /// Nothing that is known: defaults, arguments.
    None,
    /// Nothing at all: queries of views.
    Query,
    /// The columns of a table or materialized view: CHECK, generation, keys of indexes, policies, statistics.
    Table(&'a ObjectId),
    /// NEW and OLD of a table or view: triggers and rules.
    Rows(&'a ObjectId),
    /// VALUE: constraints of domains.
    Domain(&'a str),
    /// The input parameters of a routine in order: SQL bodies.
    Routine(&'a QName, Vec<Attr>),
}

/// What is done with what is found.
pub trait Hook {
    /// A reference to a column.
    fn column(&mut self, _column: &mut ColumnRef, _found: &Found) {}
    /// `$1`, with what [`Self::column`] is told of a parameter that is called by its name.
    fn numbered(&mut self, _parameter: &mut NodeEnum, _found: &Found) {}
    /// A column that is written to: INSERT, UPDATE, MERGE.
    fn assigned(&mut self, _target: &mut ResTarget, _found: &Found) {}
    /// A value that INSERT gives to a column.
    fn inserted(&mut self, _value: &mut Node, _column: &Attr) {}
    /// The query that INSERT takes rows from.
    fn taken(&mut self, _query: &mut Node) {}
    /// JSON_TABLE, when its parts are done.
    fn json_table(&mut self, _table: &mut JsonTable) {}
    /// FOR UPDATE and its kin, with what stands in FROM.
    fn locked(&mut self, _clauses: &mut Vec<Node>, _sources: &[Source]) {}
    /// XMLTABLE, when its parts are done.
    fn xml_table(&mut self, _table: &mut RangeTableFunc) {}
    /// What RETURNING gives.
    fn returned(&mut self, _targets: &mut [Node], _output: Option<&[Attr]>) {}
    /// A column of USING, as the left and the right side know it.
    fn using(&mut self, _name: &mut String, _left: &Attr, _right: &Attr) {}
    /// An alias with a list of names, before the columns of what it stands for get them.
    fn listed(&mut self, _alias: &mut Alias, _source: &Source) {}
    /// Something in FROM, with its alias.
    fn source(&mut self, _alias: &mut Option<Alias>, _source: &Source) {}
    /// A node within an expression, before its children.
    fn before(&mut self, _node: &mut NodeEnum) {}
    /// A node within an expression, when its children are done.
    fn node(&mut self, _node: &mut NodeEnum) {}
    /// An item of ORDER BY, GROUP BY or DISTINCT ON that stands for an output column.
    fn output_item(&mut self, _item: &mut Node, _index: usize, _targets: &[Node]) {}
    /// A query within an expression, when it is done.
    fn sublink(&mut self, _link: &mut SubLink, _output: Option<&[Attr]>) {}
    /// A query, when it is done, with what it gives as far as that is known; whether it is an arm of a set operation.
    fn selected(&mut self, _stmt: &mut SelectStmt, _output: Option<&[Attr]>, _of_set: bool) {}
    /// The type of an expression that is done.
    fn type_of(&mut self, _node: &Node) -> Option<String> {
        None
    }
}

/// A walk over one tree.
pub struct Analyzer<'a, H> {
    /// What there is.
    pub catalog: &'a Catalog,
    /// Who listens.
    pub hook: H,
    /// Columns that nothing has.
    pub missing: Vec<String>,
    /// What is needed beside what names say: primary keys that queries group by, and all columns of `excluded`.
    pub held: BTreeSet<ObjectId>,
    /// Where functions are looked for that are named without a schema; everywhere, where names are written out already.
    pub path: Option<&'a [Ident]>,
    /// What views give, by name and type, where the catalog does not tell.
    pub outputs: Option<&'a BTreeMap<ObjectId, Vec<Attr>>>,
    levels: Vec<Level>,
    sources: usize,
    /// The WITH query whose first arm tells its columns to the second: level, place, given names.
    recursive: Option<(usize, usize, Vec<String>)>,
    /// Set when a node's children are done, so that the walk does not go down again.
    done: bool,
}

impl<'a, H: Hook> Analyzer<'a, H> {
    /// A walk in a scope.
    pub fn new(catalog: &'a Catalog, scope: &Scope<'_>, hook: H) -> Self {
        Self::knowing(catalog, None, scope, hook)
    }

    /// A walk in a scope, where it is known what views give.
    pub fn knowing(catalog: &'a Catalog, outputs: Option<&'a BTreeMap<ObjectId, Vec<Attr>>>, scope: &Scope<'_>, hook: H) -> Self {
        let mut analyzer = Self {
            catalog,
            hook,
            missing: Vec::new(),
            held: BTreeSet::new(),
            path: None,
            outputs,
            levels: Vec::new(),
            sources: 0,
            recursive: None,
            done: false,
        };
        analyzer.open(scope);
        analyzer
    }

    fn open(&mut self, scope: &Scope<'_>) {
        let mut level = Level { open: matches!(scope, Scope::None), ..Level::default() };
        let of_relation = |id: &ObjectId| Source {
            schema: id.qname().map(|name| name.schema.as_str().to_owned()),
            rows_of: Some(id.clone()),
            ..Source::new(SourceKind::Scope, id.qname().map(|name| name.name.as_str()), self.columns_of(id))
        };
        match scope {
            Scope::None | Scope::Query => {}
            Scope::Table(id) => level.sources.push(of_relation(id)),
            Scope::Rows(id) => level.sources.extend(["old", "new"].map(|alias| Source {
                schema: None,
                alias: Some(alias.to_owned()),
                qualified_only: true,
                ..of_relation(id)
            })),
            Scope::Domain(type_name) => {
                let attrs = Some(vec![Attr::new("value", Some((*type_name).to_owned()))]);
                level.sources.push(Source::new(SourceKind::Scope, None, attrs));
            }
            Scope::Routine(name, parameters) => level.parameters = Some((name.name.as_str().to_owned(), parameters.clone())),
        }
        self.levels.push(level);
    }

    /// Walks over an expression, or whatever is no query.
    pub fn walk(&mut self, tree: &mut impl Walk) {
        tree.walk_mut(self);
        self.done = false;
    }

    /// Walks over a query; what it gives, where that is known.
    pub fn query(&mut self, node: &mut Node) -> Option<Vec<Attr>> {
        match node.node.as_mut()? {
            NodeEnum::SelectStmt(stmt) => self.select(stmt),
            NodeEnum::InsertStmt(stmt) => self.insert(stmt),
            NodeEnum::UpdateStmt(stmt) => self.update(stmt),
            NodeEnum::DeleteStmt(stmt) => self.delete(stmt),
            NodeEnum::MergeStmt(stmt) => self.merge(stmt),
            _ => {
                self.walk(node);
                None
            }
        }
    }

    fn column(&mut self, column: &mut ColumnRef) {
        let fields = names(&column.fields);
        let found = scope::find(&self.levels, &fields);
        if matches!(found, Found::Missing) {
            self.missing.push(fields.join("."));
        }
        self.hook.column(column, &found);
    }
}

impl<H: Hook> VisitorMut for Analyzer<'_, H> {
    fn replace(&mut self, node: &mut NodeEnum) {
        while let Some(meant) = self.behind_point(node) {
            *node = meant;
        }
        self.hook.before(node);
        match node {
            NodeEnum::SelectStmt(stmt) => {
                self.select(stmt);
            }
            NodeEnum::InsertStmt(stmt) => {
                self.insert(stmt);
            }
            NodeEnum::UpdateStmt(stmt) => {
                self.update(stmt);
            }
            NodeEnum::DeleteStmt(stmt) => {
                self.delete(stmt);
            }
            NodeEnum::MergeStmt(stmt) => {
                self.merge(stmt);
            }
            NodeEnum::ColumnRef(column) => self.column(column),
            NodeEnum::ParamRef(parameter) => {
                if let Some(found) = scope::numbered(&self.levels, parameter.number) {
                    self.hook.numbered(node, &found);
                }
            }
            NodeEnum::SubLink(link) => {
                link.testexpr.walk_mut(self);
                self.done = false;
                let output = link.subselect.as_deref_mut().and_then(|query| self.query(query));
                self.hook.sublink(link, output.as_deref());
                self.hook.node(node);
            }
            other => {
                if let NodeEnum::RowExpr(row) = other {
                    self.write_out(&mut row.args);
                }
                other.walk_children_mut(self);
                self.hook.node(other);
            }
        }
        self.done = true;
    }

    fn enter(&mut self, node: NodeMut<'_>) -> bool {
        if std::mem::take(&mut self.done) {
            return false;
        }
        match node {
            NodeMut::SelectStmt(stmt) => {
                self.select(stmt);
                false
            }
            // Modifiers may be words, which are no columns.
            NodeMut::TypeName(_) => false,
            _ => true,
        }
    }
}

/// The identity of a column, be it of a table or a composite type.
fn column_id(relation: &ObjectId, name: &str) -> Option<ObjectId> {
    let Key::InSchema(qname) = &relation.key else { return None };
    let kind = match relation.kind {
        Kind::Table => Kind::Column,
        Kind::Composite => Kind::Attribute,
        Kind::View | Kind::MaterializedView => Kind::ViewColumn,
        _ => return None,
    };
    Some(ObjectId::on(kind, qname.clone(), name))
}
