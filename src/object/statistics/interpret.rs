//! CREATE STATISTICS and ALTER STATISTICS.

use std::collections::BTreeSet;

use pg_query::NodeEnum;
use pg_query::protobuf::{AlterStatsStmt, CreateStatsStmt};

use super::Statistics;
use crate::model::{Entry, Expr, Ident, ObjectId, QName};
use crate::object::index::name::addition;
use crate::object::table_expr::table_expr;
use crate::object::{DdlError, Kind, Object, Session, column, generic};
use crate::sql::{Name, literal};

/// CREATE STATISTICS.
///
/// # Errors
/// Where the name is taken, or something that it names does not exist.
pub fn interpret_create(stmt: &CreateStatsStmt, session: &mut Session) -> Result<(), DdlError> {
    let Some(NodeEnum::RangeVar(target)) = stmt.relations.first().and_then(|node| node.node.as_ref()) else {
        return Err(DdlError::Unsupported("CREATE STATISTICS without a table".to_owned()));
    };
    let relation = session.relation_of(target, &[Kind::Table, Kind::MaterializedView])?;
    let Some(qname) = relation.qname().cloned() else { return Ok(()) };
    let mut columns: BTreeSet<Ident> = BTreeSet::new();
    let mut expressions: Vec<Expr> = Vec::new();
    let mut needs: BTreeSet<ObjectId> = BTreeSet::new();
    let mut wants: BTreeSet<ObjectId> = BTreeSet::new();
    let mut names: Vec<String> = Vec::new();
    for node in &stmt.exprs {
        let Some(NodeEnum::StatsElem(elem)) = &node.node else { continue };
        let Some(node) = elem.expr.as_deref() else {
            session.column(&relation, &elem.name)?;
            names.push(elem.name.clone());
            columns.insert(Ident::new(&elem.name));
            continue;
        };
        let found = table_expr(&relation, node, session)?;
        // A column in parentheses is a column.
        if let Some(column) = found.columns.iter().find(|column| column.quoted() == found.expr.sql) {
            columns.insert(column.clone());
            names.push(column.as_str().to_owned());
            continue;
        }
        // Whatever it is (`ChooseExtendedStatisticNameAddition`).
        names.push("expr".to_owned());
        needs.extend(found.needs);
        wants.extend(found.wants);
        expressions.push(found.expr);
    }
    if relation.kind == Kind::Table {
        needs.extend(columns.iter().map(|column| ObjectId::on(Kind::Column, qname.clone(), column.clone())));
    }
    let given: BTreeSet<String> = literal::names(&stmt.stat_types).into_iter().collect();
    let alone = columns.is_empty() && expressions.len() == 1;
    let kinds = match (alone, given.is_empty()) {
        (true, _) => BTreeSet::new(),
        (false, true) => Statistics::all_kinds(),
        (false, false) => given,
    };
    let name = match Name::of(&stmt.defnames) {
        Some(Name { schema, name }) => session.new_name(schema.as_deref().unwrap_or_default(), &name)?,
        None => chosen_name(&qname, &names, session),
    };
    let id = ObjectId::in_schema(Kind::Statistics, name.clone());
    if stmt.if_not_exists && session.catalog.contains(&id) {
        return Ok(());
    }
    needs.insert(ObjectId::global(Kind::Schema, name.schema));
    let statistics = Statistics { relation: qname, kinds, columns, expressions, target: None };
    let mut entry = Entry::new(statistics, Some(relation)).needing(needs);
    entry.wants.extend(wants);
    session.add(id, entry)
}

/// `table_columns_stat` (`ChooseExtendedStatisticName` in src/backend/commands/statscmds.c).
fn chosen_name(table: &QName, names: &[String], session: &Session) -> QName {
    let taken = |name: &Ident| session.catalog.contains(&ObjectId::in_schema(Kind::Statistics, QName::new(table.schema.clone(), name.clone())));
    QName::new(table.schema.clone(), Session::choose_name(table.name.as_str(), Some(&addition(names)), "stat", taken))
}

/// The statistics of a table that CREATE TABLE .. LIKE copies, under names of their own and without their target
/// (`generateClonedExtStatsStmt` in src/backend/parser/parse_utilcmd.c).
///
/// # Errors
/// Where the chosen name is taken.
pub fn copy(source: &ObjectId, table: &ObjectId, comments: bool, session: &mut Session) -> Result<(), DdlError> {
    let Some(name) = table.qname().cloned() else { return Ok(()) };
    let columns = column::columns(source, session);
    let all: Vec<(ObjectId, Entry)> =
        session.catalog.children_of(source, Kind::Statistics).map(|(id, entry)| (id.clone(), entry.clone())).collect();
    for (id, entry) in all {
        let Object::Statistics(statistics) = &entry.object else { continue };
        let of_columns = columns.iter().filter_map(ObjectId::name).filter(|column| statistics.columns.contains(column));
        let of_expressions = statistics.expressions.iter().map(|_| "expr".to_owned());
        let names: Vec<String> = of_columns.map(|column| column.as_str().to_owned()).chain(of_expressions).collect();
        let chosen = chosen_name(&name, &names, session);
        let own = |need: &ObjectId| match need.kind {
            Kind::Schema => ObjectId::global(Kind::Schema, name.schema.clone()),
            _ if columns.contains(need) => need.moved_to(&name),
            _ => need.clone(),
        };
        let copied = Statistics { relation: name.clone(), target: None, ..statistics.clone() };
        let mut made = Entry::new(copied, Some(table.clone())).needing(entry.needs.iter().filter(|need| *need != source).map(own));
        made.wants.extend(entry.wants.iter().map(own));
        let made_id = ObjectId::in_schema(Kind::Statistics, chosen);
        session.add(made_id.clone(), made)?;
        if comments {
            generic::copy_comment(&id, made_id, session);
        }
    }
    Ok(())
}

/// ALTER STATISTICS .. SET STATISTICS.
///
/// # Errors
/// Where there are no such statistics.
pub fn interpret_alter(stmt: &AlterStatsStmt, session: &mut Session) -> Result<(), DdlError> {
    let Some(Name { schema, name }) = Name::of(&stmt.defnames) else { return Ok(()) };
    let schema = schema.unwrap_or_default();
    let candidates = session.candidates(&schema, &name).into_iter().map(|name| ObjectId::in_schema(Kind::Statistics, name));
    let Some(id) = candidates.into_iter().find(|id| session.catalog.contains(id)) else {
        let missing = DdlError::Missing { what: "statistics object", name: crate::object::session::dotted(&schema, &name) };
        return if stmt.missing_ok { Ok(()) } else { Err(missing) };
    };
    let target = stmt.stxstattarget.as_deref().and_then(literal::integer).and_then(|target| i32::try_from(target).ok());
    if let Some(Object::Statistics(statistics)) = session.catalog.get_mut(&id).map(|entry| &mut entry.object) {
        statistics.target = target.filter(|target| *target >= 0);
    }
    Ok(())
}
