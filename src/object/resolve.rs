//! Names within expressions and queries: resolved by the session's `search_path`, written out in full, and turned into
//! dependencies.

use std::collections::BTreeSet;

use pg_query::protobuf::{self, FuncCall, RangeVar, TypeName, WithClause};
use pg_query::{Node, NodeEnum};

use super::session::dotted;
use super::undecided::Undecided;
use super::{DdlError, Kind, Object, Session, extension};
use crate::analyze::Scope;
use crate::analyze::extensions::bring_operators;
use crate::analyze::overload::may_take;
use crate::canon::{self, Typed};
use crate::model::{Catalog, Entry, Expr, IdSet, Ident, ObjectId, QName};
use crate::sql::literal::{names, string_node};
use crate::sql::walk::{NodeMut, VisitorMut, Walk};
use crate::sql::{self, Name};

/// What a tree refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// What must be there.
    pub needs: IdSet,
    /// Overloaded functions of which only types could tell the one that is called.
    pub wants: IdSet,
}

impl References {
    /// Leaves out tables of which columns are needed, as `eliminate_duplicate_dependencies` (src/backend/catalog/dependency.c) does.
    pub fn without_wholes(mut self) -> Self {
        let parts: BTreeSet<QName> = self.needs.iter().filter(|id| id.kind == Kind::Column).filter_map(|id| id.qname().cloned()).collect();
        self.needs.retain(|id| id.kind != Kind::Table || id.qname().is_none_or(|name| !parts.contains(name)));
        self
    }

    /// Takes up what types have told. Of several functions of a name the one that is called is needed, and the others are nothing.
    pub fn settle(&mut self, Typed { called, needs, .. }: &Typed) {
        self.needs.extend(needs.iter().cloned());
        let told: Vec<&ObjectId> = called.iter().filter(|id| self.wants.contains(id)).collect();
        self.wants.retain(|other| !told.iter().any(|id| id.qname() == other.qname()));
        self.needs.extend(told.into_iter().cloned());
    }

    /// Takes up those of another tree.
    pub fn extend(&mut self, other: Self) {
        self.needs.extend(other.needs);
        self.wants.extend(other.wants);
    }
}

impl Session {
    /// Writes the names in a tree out in full, but for those of `pg_catalog`, and says what it refers to: types, functions,
    /// relations, and what `regclass` literals name. Columns are left alone.
    ///
    /// # Errors
    /// Where a name is of nothing that exists.
    pub fn resolve(&self, tree: &mut Node, scope: &Scope<'_>) -> Result<References, DdlError> {
        let mut resolver =
            Resolver { session: self, with: Vec::new(), found: References::default(), undecided: Vec::new(), compares: false, error: None };
        tree.walk_mut(&mut resolver);
        let Resolver { mut found, undecided, compares, error, .. } = resolver;
        if let Some(error) = error {
            return Err(error);
        }
        if !undecided.is_empty() || compares && bring_operators(&self.catalog) {
            self.decide(undecided, tree, scope, &mut found)?;
        }
        Ok(found)
    }

    /// An expression with its names written out in full, and what it refers to.
    ///
    /// # Errors
    /// As [`resolve`](Self::resolve).
    pub fn expr(&self, node: &Node, scope: &Scope<'_>) -> Result<(Expr, References), DdlError> {
        let mut node = node.clone();
        let mut found = self.resolve(&mut node, scope)?;
        if !found.wants.is_empty() {
            found.settle(&canon::typed(&self.catalog, &self.outputs, scope, &node));
        }
        Ok((Expr::new(sql::deparse_expr(&node)?), found))
    }

    /// The range that a function makes, or the multirange, which are named as it is; and the schema of that.
    fn range_constructor(&self, schema: &str, name: &str) -> Option<(ObjectId, Ident)> {
        let made = |candidate: &QName| {
            let of_range = |(id, entry): (&ObjectId, &Entry)| match &entry.object {
                Object::Range(range) => id.qname() == Some(candidate) || range.multirange == *candidate,
                _ => false,
            };
            self.catalog.of_kind(Kind::Range).find(|found| of_range(*found)).map(|(id, _)| (id.clone(), candidate.schema.clone()))
        };
        self.candidates(schema, name).iter().find_map(made)
    }

    /// The extension that has the schema for its own or is known to have a member of that name.
    pub(super) fn extension_with(&self, schema: &str, providers: &[&str]) -> Option<(ObjectId, Ident)> {
        let extensions = || {
            self.catalog.of_kind(Kind::Extension).filter_map(|(id, entry)| match &entry.object {
                Object::Extension(extension) => Some((id.clone(), extension.schema.clone())),
                _ => None,
            })
        };
        let visible = |at: &Ident| if schema.is_empty() { self.search_path.contains(at) } else { at.as_str() == schema };
        let known = |id: &ObjectId| id.name().is_some_and(|name| providers.contains(&name.as_str()));
        extensions().find(|(id, at)| known(id) && (schema.is_empty() || visible(at))).or_else(|| {
            // Of extensions that trueup knows nothing of, any may have it.
            extensions().find(|(id, at)| visible(at) && !id.name().is_some_and(|name| extension::members_known(name.as_str())))
        })
    }
}

/// Whether a routine can be called with so many arguments.
pub(super) fn takes(catalog: &Catalog, id: &ObjectId, count: usize) -> bool {
    let arguments = match catalog.object(id) {
        Some(Object::Function(function)) => &function.arguments,
        Some(Object::Procedure(procedure)) => &procedure.arguments,
        Some(Object::Aggregate(aggregate)) => return aggregate.takes(id, count),
        _ => return false,
    };
    let inputs = || arguments.iter().filter(|argument| argument.mode.is_input());
    let all = inputs().count();
    let optional = inputs().filter(|argument| argument.default.is_some()).count();
    let variadic = arguments.iter().any(|argument| argument.mode == super::routine::Mode::Variadic);
    (all - optional..=all).contains(&count) || variadic && count + 1 >= all
}

/// Whether a schema is PostgreSQL's own; no dump tells what users put there (`selectDumpableNamespace` of src/bin/pg_dump/pg_dump.c).
pub fn is_systems(schema: &str) -> bool {
    schema.starts_with("pg_") || schema == "information_schema"
}

pub(super) fn name_nodes(parts: [&str; 2]) -> Vec<Node> {
    parts.map(string_node).into()
}

pub(super) struct Resolver<'s> {
    pub(super) session: &'s Session,
    /// The names that WITH gives, innermost statement last.
    with: Vec<Vec<String>>,
    pub(super) found: References,
    /// The marked calls.
    pub(super) undecided: Vec<Undecided>,
    /// Whether something is compared by syntax without an operator.
    compares: bool,
    error: Option<DdlError>,
}

impl VisitorMut for Resolver<'_> {
    fn enter(&mut self, node: NodeMut<'_>) -> bool {
        if self.error.is_some() {
            return false;
        }
        let done = match node {
            NodeMut::SelectStmt(stmt) => self.open(stmt.with_clause.as_mut()),
            NodeMut::InsertStmt(stmt) => self.open(stmt.with_clause.as_mut()),
            NodeMut::UpdateStmt(stmt) => self.open(stmt.with_clause.as_mut()),
            NodeMut::DeleteStmt(stmt) => self.open(stmt.with_clause.as_mut()),
            NodeMut::MergeStmt(stmt) => self.open(stmt.with_clause.as_mut()),
            // Walked by `open`, before what uses it. The relations of FOR UPDATE OF are aliases.
            NodeMut::WithClause(_) | NodeMut::LockingClause(_) => return false,
            NodeMut::RangeVar(relation) => self.relation(relation),
            NodeMut::FuncCall(call) => self.call(call),
            NodeMut::TypeCast(cast) => self.cast(cast),
            NodeMut::AExpr(expr) => {
                self.compares |= canon::names_no_operator(expr.kind());
                self.operator(expr);
                Ok(())
            }
            NodeMut::CaseExpr(case) => {
                self.compares |= case.arg.is_some();
                Ok(())
            }
            NodeMut::SubLink(link) => {
                self.operator_of_query(link);
                Ok(())
            }
            NodeMut::CollateClause(clause) => {
                self.collate(&mut clause.collname);
                Ok(())
            }
            NodeMut::PartitionElem(element) => {
                self.collate(&mut element.collation);
                Ok(())
            }
            NodeMut::TypeName(name) => {
                let done = self.type_name(name);
                self.error = done.err();
                return false;
            }
            _ => Ok(()),
        };
        self.error = self.error.take().or(done.err());
        self.error.is_none()
    }

    fn leave(&mut self, node: NodeMut<'_>) {
        if matches!(
            node,
            NodeMut::SelectStmt(_) | NodeMut::InsertStmt(_) | NodeMut::UpdateStmt(_) | NodeMut::DeleteStmt(_) | NodeMut::MergeStmt(_)
        ) {
            self.with.pop();
        }
    }
}

impl Resolver<'_> {
    /// A query of WITH sees those before it, and itself and those after it only under RECURSIVE.
    fn open(&mut self, with: Option<&mut WithClause>) -> Result<(), DdlError> {
        self.with.push(Vec::new());
        let Some(with) = with else { return Ok(()) };
        let name = |node: &Node| if let Some(NodeEnum::CommonTableExpr(cte)) = &node.node { Some(cte.ctename.clone()) } else { None };
        let all: Vec<String> = with.ctes.iter().filter_map(name).collect();
        if with.recursive {
            self.add_names(all.clone());
        }
        for (node, name) in with.ctes.iter_mut().zip(all) {
            node.walk_mut(self);
            self.add_names(vec![name]);
        }
        self.error.take().map_or(Ok(()), Err)
    }

    fn add_names(&mut self, names: Vec<String>) {
        if let Some(scope) = self.with.last_mut() {
            scope.extend(names);
        }
    }

    fn relation(&mut self, relation: &mut RangeVar) -> Result<(), DdlError> {
        let (schema, name) = (relation.schemaname.as_str(), relation.relname.as_str());
        let of_with = schema.is_empty() && self.with.iter().flatten().any(|with| with == name);
        if of_with || is_systems(schema) || schema.is_empty() && name.starts_with("pg_") {
            return Ok(());
        }
        if let Some(id) = self.session.find_relation(schema, name) {
            relation.schemaname = id.schema().map(|schema| schema.as_str().to_owned()).unwrap_or_default();
            self.found.needs.insert(id);
            return Ok(());
        }
        // The sequence of an identity column is a part of that.
        if let Some((id, sequence)) = self.session.behind(schema, name, super::sequence::usual_column_of) {
            sequence.schema.as_str().clone_into(&mut relation.schemaname);
            self.found.needs.insert(id);
            return Ok(());
        }
        let (id, schema) = self
            .session
            .extension_with(schema, extension::relation_providers(name))
            .ok_or_else(|| DdlError::Missing { what: "relation", name: dotted(schema, name) })?;
        schema.as_str().clone_into(&mut relation.schemaname);
        self.found.needs.insert(id);
        Ok(())
    }

    /// The operator of an expression, which may stand in its syntax.
    fn operator(&mut self, expr: &mut protobuf::AExpr) {
        use protobuf::AExprKind as Is;
        let prefix = expr.lexpr.is_none();
        let read = match expr.kind() {
            Is::AexprOp | Is::AexprOpAll | Is::AexprOpAny | Is::AexprIn | Is::AexprLike | Is::AexprIlike | Is::AexprSimilar => {
                self.which_operator(&expr.name, prefix)
            }
            Is::AexprBetween | Is::AexprNotBetween | Is::AexprBetweenSym | Is::AexprNotBetweenSym => {
                self.which_operator(&[string_node(">=")], prefix)
            }
            // The others are written without an operator, whatever it is.
            _ => return,
        };
        read.write(&mut expr.name, &mut expr.location);
    }

    /// The operator before a query: `IN` is `= ANY`.
    fn operator_of_query(&mut self, link: &mut protobuf::SubLink) {
        if link.testexpr.is_none() {
            return;
        }
        self.compares = true;
        let said = if link.oper_name.is_empty() { vec![string_node("=")] } else { link.oper_name.clone() };
        self.which_operator(&said, false).write(&mut link.oper_name, &mut link.location);
    }

    /// What is referred to, where it is the only one that can be; else only types could tell.
    pub(super) fn only_or_wanted(&mut self, fitting: Vec<ObjectId>) {
        if fitting.len() == 1 {
            self.found.needs.extend(fitting);
        } else {
            self.found.wants.extend(fitting.into_iter().filter(|id| id.kind != Kind::Extension));
        }
    }

    fn collate(&mut self, names: &mut Vec<Node>) {
        let own = Name::of(names).and_then(|name| self.session.own_collation(&name));
        if let Some((id, name)) = own.and_then(|id| Some((id.clone(), id.qname()?.clone()))) {
            *names = name_nodes([name.schema.as_str(), name.name.as_str()]);
            self.found.needs.insert(id);
        }
    }

    fn call(&mut self, call: &mut FuncCall) -> Result<(), DdlError> {
        let Some(Name { schema, name }) = Name::of(&call.funcname) else { return Ok(()) };
        let schema = schema.as_deref().unwrap_or_default();
        // The key of an aggregate counts what it is ordered by WITHIN GROUP too.
        let count = call.args.len() + if call.agg_within_group { call.agg_order.len() } else { 0 };
        let (mut found, several) = self.session.functions(schema, &name, count);
        let builtin = is_systems(schema) || schema.is_empty() && sql::is_builtin_function(&name);
        let of_extensions = if schema.is_empty() { self.session.extension_functions(&name, count) } else { Vec::new() };
        let any = !found.is_empty() || builtin && !of_extensions.is_empty();
        let several = several || !found.is_empty() && !of_extensions.is_empty();
        if schema.is_empty() && any && (several || builtin && may_take(&name, count)) {
            let first = found.first().and_then(ObjectId::schema).cloned();
            found.extend(of_extensions);
            call.location = self.mark(found, first.filter(|_| !builtin));
            return Ok(());
        }
        if builtin && found.is_empty() {
            return match name.as_str() {
                "nextval" | "currval" | "setval" => Self::literal_argument(call, "regclass"),
                name => self.configuration_argument(name, call),
            };
        }
        let at = match found.first().and_then(ObjectId::schema) {
            Some(at) => at.clone(),
            None => {
                let of_extension = || self.session.extension_with(schema, extension::function_providers(&name));
                let (id, at) = self
                    .session
                    .range_constructor(schema, &name)
                    .or_else(of_extension)
                    .ok_or_else(|| DdlError::Missing { what: "function", name: dotted(schema, &name) })?;
                found = vec![id];
                at
            }
        };
        call.funcname = name_nodes([at.as_str(), &name]);
        self.only_or_wanted(found);
        Ok(())
    }

    fn type_name(&mut self, name: &mut TypeName) -> Result<(), DdlError> {
        if name.pct_type {
            return Ok(());
        }
        let (_, id) = self.session.type_name(name)?;
        let Some(id) = id else { return Ok(()) };
        let last = names(&name.names).pop().unwrap_or_default();
        let schema = match self.session.catalog.object(&id) {
            Some(Object::Extension(extension)) => Some(&extension.schema),
            Some(Object::Range(range)) if range.multirange.name.as_str() == last => Some(&range.multirange.schema),
            _ => id.schema(),
        };
        if let Some(schema) = schema {
            name.names = name_nodes([schema.as_str(), &last]);
        }
        self.found.needs.insert(id);
        Ok(())
    }
}

impl Session {
    /// The collation that a COLLATE clause gives, where it is not that of the type.
    pub fn collation(&self, clause: Option<&protobuf::CollateClause>, of: Option<&ObjectId>, type_name: &str) -> Option<QName> {
        let name = Name::of(&clause?.collname)?;
        let given = self.own_collation(&name).and_then(|id| id.qname().cloned());
        let given = given.unwrap_or_else(|| QName::new(name.schema.as_deref().unwrap_or("pg_catalog"), name.name.as_str()));
        (given != self.collation_of_type(of, type_name)).then_some(given)
    }

    /// The collation of that name, unless it is one of `pg_catalog`, of which each server has its own.
    pub fn own_collation(&self, name: &Name) -> Option<ObjectId> {
        self.own(Kind::Collation, name)
    }

    /// What of that kind has the name by `search_path`, unless it is PostgreSQL's own.
    pub(super) fn own(&self, kind: Kind, name: &Name) -> Option<ObjectId> {
        let candidates = self.candidates(name.schema.as_deref().unwrap_or_default(), &name.name);
        candidates.into_iter().map(|name| ObjectId::in_schema(kind, name)).find(|id| self.catalog.contains(id))
    }

    /// What an object with a collation needs for it: nothing where it is one of `pg_catalog`.
    ///
    /// # Errors
    /// Where there is no such collation.
    pub fn needs_collation(&self, collation: Option<&QName>) -> Result<Option<ObjectId>, DdlError> {
        let Some(name) = collation.filter(|name| !is_systems(name.schema.as_str())) else { return Ok(None) };
        let id = ObjectId::in_schema(Kind::Collation, name.clone());
        if self.catalog.contains(&id) { Ok(Some(id)) } else { Err(DdlError::Missing { what: "collation", name: name.to_string() }) }
    }

    /// `typcollation`: a domain has its own or that of its base type, `name` has C.
    pub fn collation_of_type(&self, of: Option<&ObjectId>, type_name: &str) -> QName {
        let mut at = of.cloned();
        let mut base = type_name.to_owned();
        while let Some(id) = at {
            let Some(Object::Domain(domain)) = self.catalog.object(&id) else { break };
            if let Some(collation) = &domain.collation {
                return collation.clone();
            }
            base.clone_from(&domain.base.0);
            at = self.catalog.get(&id).and_then(|entry| entry.needs.iter().find(|need| need.kind == Kind::Domain).cloned());
        }
        QName::new("pg_catalog", if base == "name" { "C" } else { "default" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Entry;
    use crate::object::enum_type::EnumType;
    use crate::object::extension::Extension;
    use crate::object::schema::Schema;
    use crate::object::sequence::{Sequence, SequenceOptions};

    fn session() -> Session {
        let mut catalog = Catalog::empty(18);
        for schema in ["public", "s"] {
            catalog.insert(ObjectId::global(Kind::Schema, schema), Entry::new(Schema {}, None));
        }
        let options = SequenceOptions::defaults(crate::model::TypeName("bigint".to_owned()), 1);
        let at = |kind, name| ObjectId::in_schema(kind, QName::new("s", name));
        catalog.insert(at(Kind::Sequence, "Q"), Entry::new(Sequence { options, unlogged: false }, None));
        catalog.insert(at(Kind::Enum, "mood"), Entry::new(EnumType { labels: Vec::new() }, None));
        let extension = Extension { schema: Ident::new("public"), version: None };
        catalog.insert(ObjectId::global(Kind::Extension, "uuid-ossp"), Entry::new(extension, None));
        let mut session = Session::new(catalog);
        session.search_path = vec![Ident::new("s"), Ident::new("public")];
        session
    }

    fn resolved(text: &str) -> Result<(String, Vec<String>), String> {
        let node = sql::parse_expr(text).map_err(|error| error.to_string())?;
        let (expr, found) = session().expr(&node, &Scope::None).map_err(|error| error.to_string())?;
        Ok((expr.sql, found.needs.iter().map(ToString::to_string).collect()))
    }

    #[test]
    fn names_are_written_out_in_full() {
        for (text, sql, need) in [
            ("nextval('\"Q\"')", "nextval('s.\"Q\"'::regclass)", "SEQUENCE s.\"Q\""),
            ("nextval('s.\"Q\"'::regclass)", "nextval('s.\"Q\"'::regclass)", "SEQUENCE s.\"Q\""),
            ("'a'::mood", "'a'::s.mood", "TYPE s.mood"),
            ("CAST(x AS mood[])", "x::s.mood[]", "TYPE s.mood"),
            ("uuid_generate_v4()", "public.uuid_generate_v4()", "EXTENSION \"uuid-ossp\""),
            (
                "(WITH a AS (SELECT last_value AS x FROM \"Q\") SELECT x FROM a)",
                "(WITH a AS (SELECT last_value AS x FROM s.\"Q\") SELECT x FROM a)",
                "SEQUENCE s.\"Q\"",
            ),
        ] {
            assert_eq!(resolved(text), Ok((sql.to_owned(), vec![need.to_owned()])));
        }
        assert_eq!(resolved("lower(a) || now()::text"), Ok(("lower(a) || now()::text".to_owned(), Vec::new())));
        for (text, error) in [
            ("f(1)", "function f does not exist"),
            ("x::s.absent", "type s.absent does not exist"),
            ("nextval('q')", "relation q does not exist"),
        ] {
            assert_eq!(resolved(text), Err(error.to_owned()));
        }
    }
}
