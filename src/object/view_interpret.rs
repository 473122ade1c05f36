//! CREATE VIEW, CREATE MATERIALIZED VIEW, and ALTER of both.

use pg_query::protobuf::{self, AlterTableType, ObjectType, SelectStmt, ViewCheckOption};
use pg_query::{Node, NodeEnum};

use super::materialized_view::{MaterializedView, Populated};
use super::table::{Mark, ReplicaIdentity, mark_index};
use super::view::{Output, OutputColumn, View};
use super::view_column::ViewColumn;
use super::{DdlError, Kind, Object, Session, generic};
use crate::analyze::types::Type;
use crate::analyze::{Attr, Scope, type_called};
use crate::model::{Entry, Ident, ObjectId, Options, TypeName};
use crate::sql::literal::{self, names};

/// Gives the outputs of a query the names of a column list, where each can be told from the text.
fn name_outputs(select: &mut SelectStmt, list: &[String]) {
    if let Some(left) = select.larg.as_deref_mut() {
        return name_outputs(left, list);
    }
    let is_plain = |node: &Node| {
        matches!(&node.node, Some(NodeEnum::ResTarget(target)) if !matches!(
            target.val.as_ref().and_then(|val| val.node.as_ref()),
            Some(NodeEnum::ColumnRef(column)) if column.fields.iter().any(|field| matches!(field.node, Some(NodeEnum::AStar(_))))
        ))
    };
    if !select.target_list.iter().all(is_plain) {
        return;
    }
    for (node, name) in select.target_list.iter_mut().zip(list) {
        if let Some(NodeEnum::ResTarget(target)) = node.node.as_mut() {
            target.name.clone_from(name);
        }
    }
}

fn with_names(query: &Node, list: &[String]) -> Node {
    let mut query = query.clone();
    if let Some(NodeEnum::SelectStmt(select)) = query.node.as_mut() {
        name_outputs(select, list);
    }
    query
}

/// The columns with the names of the list in place of the first ones.
fn outputs(mut columns: Vec<OutputColumn>, list: &[String]) -> Output {
    for (column, name) in columns.iter_mut().zip(list) {
        column.name = Ident::new(name);
    }
    Output(columns)
}

/// The types of the columns, which a view needs as a table does. What is known of them is kept for queries over the view.
fn needs_of_types(id: &ObjectId, typed: Option<Vec<Attr>>, list: &[String], session: &mut Session) -> Vec<ObjectId> {
    let Some(mut attrs) = typed else { return Vec::new() };
    for (attr, name) in attrs.iter_mut().zip(list) {
        attr.name.clone_from(name);
    }
    let displayed = attrs.iter().filter_map(|attr| attr.type_name.as_deref()).map(Type::displayed);
    let needs = displayed.filter_map(|of| type_called(&session.catalog, &of.name)).map(|(id, _)| id.clone()).collect();
    session.outputs.insert(id.clone(), attrs);
    needs
}

fn options(nodes: &[Node]) -> Result<Options, DdlError> {
    Ok(literal::options(nodes)?.into_iter().collect())
}

/// CREATE [OR REPLACE] VIEW.
///
/// # Errors
/// Where something that the query names does not exist, or the view does and is not to be replaced.
pub fn interpret_view(stmt: &protobuf::ViewStmt, session: &mut Session) -> Result<(), DdlError> {
    let (Some(relation), Some(query)) = (&stmt.view, &stmt.query) else { return Ok(()) };
    let id = ObjectId::in_schema(Kind::View, session.new_relation(relation)?);
    let list = names(&stmt.aliases);
    let (query, mut found, columns, typed) = session.query(&with_names(query, &list), &Scope::Query)?;
    let mut options = options(&stmt.options)?;
    let check = match stmt.with_check_option() {
        ViewCheckOption::LocalCheckOption => Some("local"),
        ViewCheckOption::CascadedCheckOption => Some("cascaded"),
        _ => None,
    };
    options.extend(check.map(|check| ("check_option".to_owned(), check.to_owned())));
    let view = View { query, columns: outputs(columns, &list), options };
    found.needs.extend(needs_of_types(&id, typed, &list, session));
    let mut entry = Entry::new(view, None).needing(found.needs);
    entry.wants = found.wants;
    if stmt.replace {
        keeps_columns(&id, &entry.object, session)?;
    }
    session.add_or_replace(id, entry, stmt.replace)
}

/// `checkViewColumns` of src/backend/commands/view.c, as far as names tell.
fn keeps_columns(id: &ObjectId, object: &Object, session: &Session) -> Result<(), DdlError> {
    let (Some(Object::View(old)), Object::View(new)) = (session.catalog.object(id), object) else { return Ok(()) };
    if new.columns.0.is_empty() {
        return Ok(());
    }
    if new.columns.0.len() < old.columns.0.len() {
        return Err(DdlError::Invalid("cannot drop columns from view".to_owned()));
    }
    match old.columns.0.iter().zip(&new.columns.0).find(|(old, new)| old.name != new.name) {
        Some((old, new)) => Err(DdlError::Invalid(format!("cannot change name of view column {} to {}", old.name, new.name))),
        None => Ok(()),
    }
}

/// CREATE MATERIALIZED VIEW.
///
/// # Errors
/// As [`interpret_view`]; CREATE TABLE AS is not supported.
pub fn interpret_table_as(stmt: &protobuf::CreateTableAsStmt, session: &mut Session) -> Result<(), DdlError> {
    if stmt.objtype() != ObjectType::ObjectMatview {
        return Err(DdlError::Unsupported("CREATE TABLE AS: it makes rows, and columns that only a server knows the types of".to_owned()));
    }
    let (Some(into), Some(query)) = (&stmt.into, &stmt.query) else { return Ok(()) };
    let Some(relation) = &into.rel else { return Ok(()) };
    let id = ObjectId::in_schema(Kind::MaterializedView, session.new_relation(relation)?);
    if stmt.if_not_exists && session.catalog.contains(&id) {
        return Ok(());
    }
    let list = names(&into.col_names);
    let (query, mut found, columns, typed) = session.query(&with_names(query, &list), &Scope::Query)?;
    let named = |text: &str, default: Option<Ident>| Some(text).filter(|text| !text.is_empty()).map(Ident::new).or(default);
    let view = MaterializedView {
        query,
        columns: outputs(columns, &list),
        options: options(&into.options)?,
        access_method: named(&into.access_method, session.default_access_method.clone()).filter(|method| method.as_str() != "heap"),
        tablespace: named(&into.table_space_name, session.default_tablespace.clone()),
        replica_identity: ReplicaIdentity::Default,
        clustered: false,
        populated: Populated(!into.skip_data),
    };
    found.needs.extend(needs_of_types(&id, typed, &list, session));
    let mut entry = Entry::new(view, None).needing(found.needs);
    entry.wants = found.wants;
    session.add(id, entry)
}

/// REFRESH MATERIALIZED VIEW fills it, or empties it.
///
/// # Errors
/// Where there is no such materialized view.
pub fn interpret_refresh(stmt: &protobuf::RefreshMatViewStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = session.relation_of(&stmt.relation.clone().unwrap_or_default(), &[Kind::MaterializedView])?;
    if let Some(Object::MaterializedView(view)) = session.catalog.get_mut(&id).map(|entry| &mut entry.object) {
        view.populated = Populated(!stmt.skip_data);
    }
    Ok(())
}

/// One action of ALTER VIEW and ALTER MATERIALIZED VIEW.
///
/// # Errors
/// An action that is not known.
pub fn interpret_command(id: &ObjectId, command: &protobuf::AlterTableCmd, session: &mut Session) -> Result<(), DdlError> {
    let definition = command.def.as_deref();
    match command.subtype() {
        AlterTableType::AtChangeOwner => {
            if let Some(owner) = command.newowner.as_ref().and_then(|role| generic::role(session, role)) {
                generic::set_owner(session, id.clone(), owner);
            }
        }
        AlterTableType::AtSetRelOptions => {
            let more = options(definition.map(literal::items).unwrap_or_default())?;
            change_options(id, session, |present| present.extend(more));
        }
        AlterTableType::AtResetRelOptions => {
            let gone = options(definition.map(literal::items).unwrap_or_default())?;
            change_options(id, session, |present| present.retain(|name, _| !gone.contains_key(name)));
        }
        AlterTableType::AtColumnDefault => set_default(id, command, session)?,
        AlterTableType::AtSetStatistics => {
            let target = definition.and_then(literal::integer).and_then(|target| i32::try_from(target).ok()).filter(|target| *target >= 0);
            change_column(id, command, session, |column| column.statistics = target)?;
        }
        AlterTableType::AtSetOptions => {
            let more = options(definition.map(literal::items).unwrap_or_default())?;
            change_column(id, command, session, |column| column.options.extend(more))?;
        }
        AlterTableType::AtSetStorage => {
            let word = definition.and_then(literal::string).unwrap_or_default().to_uppercase();
            let own = column_storage(id, &command.name, session);
            change_column(id, command, session, |column| {
                column.storage = Some(word).filter(|word| word != "DEFAULT" && own != Some(word))
            })?;
        }
        AlterTableType::AtSetCompression => {
            let word = definition.and_then(literal::string).unwrap_or_default().to_owned();
            change_column(id, command, session, |column| {
                column.compression = Some(word).filter(|word| word != "default").map(|word| Ident::new(&word))
            })?;
        }
        AlterTableType::AtClusterOn | AlterTableType::AtDropCluster => {
            let name = (command.subtype() == AlterTableType::AtClusterOn).then_some(command.name.as_str());
            mark_index(id, name, Mark::Clustered, session)?;
            if let Some(Object::MaterializedView(view)) = session.catalog.get_mut(id).map(|entry| &mut entry.object) {
                view.clustered = name.is_some();
            }
        }
        AlterTableType::AtResetOptions => {
            let gone: Vec<String> =
                literal::def_elems(definition.map(literal::items).unwrap_or_default()).map(|option| option.defname.clone()).collect();
            change_column(id, command, session, |column| column.options.retain(|name, _| !gone.contains(name)))?;
        }
        AlterTableType::AtSetAccessMethod | AlterTableType::AtSetTableSpace => set_storage(id, command, session),
        other => return Err(DdlError::Unsupported(format!("ALTER {} .. {}", id.kind.keyword(), other.as_str_name()))),
    }
    Ok(())
}

/// SET ACCESS METHOD and SET TABLESPACE of a materialized view.
fn set_storage(id: &ObjectId, command: &protobuf::AlterTableCmd, session: &mut Session) {
    let Some(mut entry) = session.catalog.get(id).cloned() else { return };
    let Object::MaterializedView(view) = &mut entry.object else { return };
    if command.subtype() == AlterTableType::AtSetTableSpace {
        view.tablespace = (command.name != "pg_default").then(|| Ident::new(&command.name));
    } else {
        view.access_method = (!matches!(command.name.as_str(), "" | "heap")).then(|| Ident::new(&command.name));
        entry.needs.retain(|need| need.kind != Kind::AccessMethod);
        entry.needs.extend(super::access_method::needed(&entry.object, &session.catalog));
    }
    session.catalog.insert(id.clone(), entry);
}

fn change_options(id: &ObjectId, session: &mut Session, change: impl FnOnce(&mut Options)) {
    match session.catalog.get_mut(id).map(|entry| &mut entry.object) {
        Some(Object::View(view)) => change(&mut view.options),
        Some(Object::MaterializedView(view)) => change(&mut view.options),
        _ => {}
    }
}

/// What is said of a column alone makes it an object.
fn change_column(
    id: &ObjectId,
    command: &protobuf::AlterTableCmd,
    session: &mut Session,
    change: impl FnOnce(&mut ViewColumn),
) -> Result<(), DdlError> {
    let id_of_column = session.column(id, &command.name)?;
    let entry = session.catalog.get(&id_of_column).cloned();
    let mut entry = entry.unwrap_or_else(|| Entry::new(ViewColumn::default(), Some(id.clone())));
    if let Object::ViewColumn(column) = &mut entry.object {
        change(column);
    }
    session.catalog.insert(id_of_column, entry);
    Ok(())
}

/// The storage of the type of a column, where that is known.
fn column_storage(id: &ObjectId, name: &str, session: &Session) -> Option<&'static str> {
    let attr = session.outputs.get(id)?.iter().find(|attr| attr.name == name)?;
    Some(super::column::type_storage(&TypeName(attr.type_name.clone()?)))
}

fn set_default(id: &ObjectId, command: &protobuf::AlterTableCmd, session: &mut Session) -> Result<(), DdlError> {
    let column = session.column(id, &command.name)?;
    let default = match command.def.as_deref() {
        Some(node) => Some(session.expression(node, &Scope::None)?),
        None => None,
    };
    let mut object = match session.catalog.object(&column) {
        Some(Object::ViewColumn(present)) => present.clone(),
        _ => ViewColumn::default(),
    };
    let needs = default.iter().flat_map(|(_, found)| found.needs.clone()).collect::<Vec<_>>();
    object.default = default.map(|(expr, _)| expr);
    session.catalog.insert(column, Entry::new(object, Some(id.clone())).needing(needs));
    Ok(())
}
