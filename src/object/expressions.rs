//! Where the expressions of objects stand: what they can name, and what their value is assigned to.

use super::{Kind, Object};
use crate::analyze::{Attr, Scope};
use crate::model::{Catalog, ObjectId};
use crate::object::routine::{Argument, Body, sql_body_of_tree};
use crate::object::table::partition;
use crate::sql::{self, Node, NodeEnum, ParseError};

/// The tree of the text of an expression, a query, a statement of a rule or a routine's body; `None` where it is none of these, but a
/// partition key, say.
pub fn parse(text: &str) -> Option<Node> {
    if partition::is_key(text) {
        return None;
    }
    let first = text.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_uppercase();
    if matches!(first.as_str(), "SELECT" | "WITH" | "VALUES" | "TABLE" | "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "NOTIFY") {
        return sql::parse_one(text).ok();
    }
    if matches!(first.as_str(), "BEGIN" | "RETURN") {
        let frame = sql::parse_one(&format!("CREATE FUNCTION f() RETURNS int LANGUAGE sql {text}")).ok()?;
        return match frame.node {
            Some(NodeEnum::CreateFunctionStmt(stmt)) => stmt.sql_body.map(|body| *body),
            _ => None,
        };
    }
    sql::parse_expr(text).or_else(|_| sql::parse_one(text)).ok()
}

/// The text of such a tree.
///
/// # Errors
/// Where it does not deparse.
pub fn spell(tree: &Node) -> Result<String, ParseError> {
    match &tree.node {
        Some(
            NodeEnum::SelectStmt(_)
            | NodeEnum::InsertStmt(_)
            | NodeEnum::UpdateStmt(_)
            | NodeEnum::DeleteStmt(_)
            | NodeEnum::MergeStmt(_)
            | NodeEnum::NotifyStmt(_),
        ) => sql::deparse_stmt(tree),
        Some(NodeEnum::List(_) | NodeEnum::ReturnStmt(_)) => sql_body_of_tree(tree.clone()).map(|body| body.sql),
        _ => sql::deparse_expr(tree),
    }
}

/// Where an expression stands.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    /// What it can name.
    pub scope: Scope<'a>,
    /// The type that its value is made to.
    pub assigned: Option<String>,
    /// The names that a view gives to the columns of its query.
    pub columns: Option<Vec<String>>,
}

impl Default for Place<'_> {
    fn default() -> Self {
        Self::of(Scope::None)
    }
}

impl<'a> Place<'a> {
    const fn of(scope: Scope<'a>) -> Self {
        Self { scope, assigned: None, columns: None }
    }

    fn assigned(scope: Scope<'a>, to: impl Into<String>) -> Self {
        Self { scope, assigned: Some(to.into()), columns: None }
    }
}

/// The places of the expressions of an object, in the order of [`Object::exprs`], of which there are `count`.
pub fn places<'a>(catalog: &'a Catalog, id: &'a ObjectId, object: &'a Object, count: usize) -> Vec<Place<'a>> {
    let relation = || {
        let name = match object {
            Object::Index(index) => Some(&index.relation),
            Object::Statistics(statistics) => Some(&statistics.relation),
            _ => id.qname(),
        };
        name.and_then(|name| catalog.relation(name)).map(|(id, _)| id)
    };
    let about = |scope: fn(&'a ObjectId) -> Scope<'a>| relation().map_or(Scope::None, scope);
    let all = |place: Place<'a>| vec![place; count];
    match object {
        Object::Default(_) => match id.target().and_then(|column| catalog.object(column)) {
            Some(Object::Column(column)) => all(Place::assigned(Scope::None, column.type_name.0.as_str())),
            _ => all(Place::default()),
        },
        Object::Column(column) => all(Place::assigned(about(Scope::Table), column.type_name.0.as_str())),
        Object::Table(_)
        | Object::Constraint(_)
        | Object::Index(_)
        | Object::Statistics(_)
        | Object::Policy(_)
        | Object::PublicationTable(_) => all(Place::of(about(Scope::Table))),
        Object::Trigger(_) | Object::Rule(_) => all(Place::of(about(Scope::Rows))),
        Object::View(_) | Object::MaterializedView(_) => {
            let columns = view_query(object).map(|(_, names)| names).filter(|names| !names.is_empty());
            all(Place { scope: Scope::Query, assigned: None, columns })
        }
        Object::Domain(domain) => all(Place::assigned(Scope::None, domain.base.0.as_str())),
        Object::DomainConstraint(_) => match domain_of(catalog, id) {
            Some(base) => all(Place::of(Scope::Domain(base))),
            None => all(Place::default()),
        },
        Object::Function(function) => arguments(id, &function.arguments, &function.body),
        Object::Procedure(procedure) => arguments(id, &procedure.arguments, &procedure.body),
        _ => all(Place::default()),
    }
}

fn domain_of<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a str> {
    match catalog.object(&ObjectId::in_schema(Kind::Domain, id.qname()?.clone()))? {
        Object::Domain(domain) => Some(&domain.base.0),
        _ => None,
    }
}

fn arguments<'a>(id: &'a ObjectId, arguments: &[Argument], body: &Body) -> Vec<Place<'a>> {
    let with_default = arguments.iter().filter(|argument| argument.default.is_some());
    let mut places: Vec<Place<'a>> = with_default.map(|argument| Place::assigned(Scope::None, argument.type_name.0.as_str())).collect();
    if let (Body::Sql(_), Some(name)) = (body, id.qname()) {
        places.push(Place::of(Scope::Routine(name, parameters(arguments))));
    }
    places
}

/// What a routine's input parameters are called in its body, in order; those without a name have an empty one.
pub fn parameters(arguments: &[Argument]) -> Vec<Attr> {
    let inputs = arguments.iter().filter(|argument| argument.mode.is_input());
    let name = |argument: &Argument| argument.name.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default();
    inputs.map(|argument| Attr::new(name(argument), Some(argument.type_name.0.clone()))).collect()
}

/// The query of a view of either kind, and the names of its columns as far as they are known.
pub fn view_query(object: &Object) -> Option<(&str, Vec<String>)> {
    let (query, columns) = match object {
        Object::View(view) => (&view.query, &view.columns),
        Object::MaterializedView(view) => (&view.query, &view.columns),
        _ => return None,
    };
    Some((&query.sql, columns.0.iter().map(|column| column.name.as_str().to_owned()).collect()))
}
