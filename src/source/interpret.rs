//! The interpreter: statements, one after the other, make a catalog; no server is asked.
//!
//! Files may come in any order: a statement that names what is not there yet waits until the others have made it.

use std::collections::BTreeSet;
use std::sync::Arc;

use thiserror::Error;

use super::block;
use super::environment::{Environment, bent, search_path, set_values};
use super::files::{FilesError, SchemaFiles, SchemaStatement};
use super::queue::Queue;
use crate::model::{Catalog, Ident, ObjectId, Origin};
use crate::object::{
    DdlError, Kind, Session, complete_interpreted, composite, database, database_settings, default_privileges, define_interpret, domain,
    enum_type, extension, extension_dependency, foreign_data_wrapper, generic, index, opclass_interpret, operator, plain_interpret,
    privileges, publication, range, rename_interpret, routine_interpret, schema, security_label, sequence, server, statistics,
    subscription, table, tablespace, trigger_interpret, type_definition, user_mapping, view_interpret,
};
use crate::sql::{self, Node, NodeEnum, protobuf};

/// Statements that cannot be interpreted.
#[derive(Debug, Error)]
pub enum InterpretError {
    /// A statement in a schema file.
    #[error(transparent)]
    At(#[from] Box<FilesError>),
    /// A statement that has no file.
    #[error("{sql}: {source}")]
    Statement {
        /// The statement.
        sql: String,
        /// What is wrong.
        source: DdlError,
    },
}

/// What is there in a new database, as far as schema files can speak of it.
pub fn new_database(major: u32) -> Catalog {
    let mut catalog = Catalog::empty(major);
    database::add(&mut catalog);
    schema::add_public(&mut catalog);
    catalog
}

/// Makes the catalog that schema files describe.
///
/// # Errors
/// The first statement that misses something for good, or that PostgreSQL would refuse.
#[tracing::instrument(level = "debug", skip_all)]
pub fn interpret(files: &SchemaFiles, start: Catalog) -> Result<Session, Box<FilesError>> {
    watched(files, start, |_, _| {})
}

/// As [`interpret`]; tells after each statement, by its number, the catalog whose changes are those of the statement.
///
/// # Errors
/// As [`interpret`].
pub fn watched(files: &SchemaFiles, start: Catalog, mut watch: impl FnMut(usize, &Catalog)) -> Result<Session, Box<FilesError>> {
    let mut session = Session::new(start);
    let mut queue = Queue::new(files.statements.len());
    let mut entered = None;
    let mut first: Option<(usize, DdlError, &SchemaStatement)> = None;
    while let Some(index) = queue.next() {
        let Some(statement) = files.statements.get(index) else { continue };
        // A statement that fails half-way must leave nothing behind when it is tried again.
        match attempt(&mut session, (files, statement), &mut entered, |catalog| watch(index, catalog)) {
            Ok(made) => queue.made(&made),
            Err(error) if can_wait(&error) => {
                let turn = queue.wait(index, &error);
                if first.as_ref().is_none_or(|(before, ..)| *before != turn) {
                    first = Some((turn, error, statement));
                }
            }
            Err(error) => return Err(Box::new(files.error(statement, None, error.to_string()))),
        }
    }
    match first.filter(|_| !queue.is_done()) {
        Some((_, error, statement)) => Err(Box::new(files.error(statement, None, error.to_string()))),
        None => {
            complete_interpreted(&mut session.catalog);
            Ok(session)
        }
    }
}

/// Tells the statements in an order in which each finds what it needs, as far as it can be told without a server; and after each the catalog
/// whose changes are those of the statement. What comes of all is `None` where something is not understood.
///
/// What waits in vain may wait for what a statement makes that is not understood (DO with a loop, CREATE TABLE AS, SELECT f()). It keeps its
/// place behind that, since what comes after may say something of all that is there by then: GRANT .. ON ALL TABLES, SELECT *, a DROP.
#[tracing::instrument(level = "debug", skip_all)]
pub fn order(files: &SchemaFiles, start: Catalog, mut next: impl FnMut(usize), watch: impl FnMut(usize, &Catalog)) -> Option<Catalog> {
    let (mut told, mut held) = (0, Vec::new());
    let tell = |index, is_sure| match is_sure {
        true => {
            told += 1;
            next(index);
        }
        false => held.push(index),
    };
    let Ordered { catalog, is_understood, in_vain } = ordered(files, start.clone(), &BTreeSet::new(), tell, watch);
    if !is_understood && !in_vain.is_empty() {
        held.clear();
        ordered(files, start, &in_vain, |index, _| held.push(index), |_, _| {});
        held.drain(..told);
    }
    held.into_iter().for_each(next);
    (is_understood && in_vain.is_empty()).then_some(catalog)
}

/// What came of one way through all statements.
struct Ordered {
    catalog: Catalog,
    /// Whether every statement was that did not wait.
    is_understood: bool,
    /// The statements that miss something to the end.
    in_vain: BTreeSet<usize>,
}

/// Goes through the statements; those that are known to wait `in_vain` do so only for the first that is not understood. Tells with each
/// whether its place is sure, which it is before that one.
fn ordered(
    files: &SchemaFiles,
    start: Catalog,
    in_vain: &BTreeSet<usize>,
    mut next: impl FnMut(usize, bool),
    mut watch: impl FnMut(usize, &Catalog),
) -> Ordered {
    let mut session = Session::new(start);
    let mut queue = Queue::new(files.statements.len());
    let mut entered = None;
    let mut is_understood = true;
    while let Some(index) = queue.next() {
        let Some(statement) = files.statements.get(index) else { continue };
        match attempt(&mut session, (files, statement), &mut entered, |catalog| watch(index, catalog)) {
            Ok(made) => queue.made(&made),
            Err(error) if can_wait(&error) => {
                if is_understood || !in_vain.contains(&index) {
                    queue.wait(index, &error);
                    continue;
                }
            }
            // The server may know better.
            Err(_) => is_understood = false,
        }
        next(index, is_understood);
    }
    let rest = queue.rest();
    rest.iter().for_each(|index| next(*index, is_understood));
    Ordered { catalog: session.catalog, is_understood, in_vain: rest }
}

const fn can_wait(error: &DdlError) -> bool {
    matches!(error, DdlError::Missing { .. } | DdlError::Waits(_))
}

/// Runs a statement under its settings, so that it is done whole or not at all; gives what it made.
fn attempt<'f>(
    session: &mut Session,
    (files, at): (&SchemaFiles, &'f SchemaStatement),
    entered: &mut Option<&'f Arc<Environment>>,
    watch: impl FnOnce(&Catalog),
) -> Result<Vec<ObjectId>, DdlError> {
    enter(session, (files, at), entered)?;
    let node = at.tree.node()?;
    session.catalog.begin();
    match statement(session, &node) {
        Ok(()) => {
            watch(&session.catalog);
            Ok(session.catalog.commit())
        }
        Err(error) => {
            session.catalog.roll_back();
            Err(error)
        }
    }
}

/// Brings the session to the settings that a statement was written under, which those before mostly were too; refuses what gives it a meaning
/// that only a server knows.
fn enter<'f>(
    session: &mut Session,
    (files, statement): (&SchemaFiles, &'f SchemaStatement),
    entered: &mut Option<&'f Arc<Environment>>,
) -> Result<(), DdlError> {
    let span = &statement.span;
    let (file, text) =
        files.files.get(statement.file).map_or(("", ""), |file| (&file.path, file.text.get(span.clone()).unwrap_or_default()));
    session.origin = Some(Origin { file: file.into(), start: span.start, end: span.end });
    if !entered.is_some_and(|before| Arc::ptr_eq(before, &statement.environment)) {
        set(session, files, &statement.environment);
        *entered = Some(&statement.environment);
    }
    match bent(&statement.environment, text) {
        None => Ok(()),
        Some(set) => Err(DdlError::Invalid(format!(
            "what this says may mean something else under {set}, so that it can be planned with a scratch server only"
        ))),
    }
}

/// Takes over what is set.
fn set(session: &mut Session, files: &SchemaFiles, environment: &Environment) {
    session.search_path = search_path(environment);
    session.search_path_is_default = environment.get("search_path").is_none();
    let ident = |name: &str| environment.get(name).and_then(|set| set_values(set).into_iter().next()).filter(|value| !value.is_empty());
    session.role = ident("role").or_else(|| ident("session_authorization")).map(|role| Ident::new(&role));
    session.default_role.clone_from(&files.role);
    session.default_tablespace = ident("default_tablespace").map(|name| Ident::new(&name));
    session.default_access_method = ident("default_table_access_method").filter(|name| name != "heap").map(|name| Ident::new(&name));
}

/// Interprets statements that have no file: the steps of a plan.
///
/// # Errors
/// The first that cannot be interpreted.
pub fn replay<'a>(session: &mut Session, statements: impl IntoIterator<Item = &'a str>) -> Result<(), InterpretError> {
    for text in statements {
        let failed = |source: DdlError| InterpretError::Statement { sql: text.to_owned(), source };
        let node = sql::parse_one(text).map_err(|error| failed(error.into()))?;
        if !is_data(&node) {
            statement(session, &node).map_err(failed)?;
        }
    }
    Ok(())
}

/// Whether a step is about rows and values alone: setval, backfills.
const fn is_data(node: &Node) -> bool {
    match &node.node {
        Some(NodeEnum::SelectStmt(stmt)) => stmt.into_clause.is_none(),
        Some(NodeEnum::InsertStmt(_) | NodeEnum::UpdateStmt(_) | NodeEnum::DeleteStmt(_) | NodeEnum::MergeStmt(_)) => true,
        _ => false,
    }
}

/// One statement: the one place that knows which kind each is for.
fn statement(session: &mut Session, node: &Node) -> Result<(), DdlError> {
    let Some(node) = node.node.as_ref() else { return Ok(()) };
    match node {
        NodeEnum::CreateSchemaStmt(stmt) => {
            schema::interpret_create(stmt, session)?;
            let (name, owner) = (schema::name_of(stmt, session), schema::named_owner(stmt));
            session
                .within_schema(name.as_str(), owner, |session| stmt.schema_elts.iter().try_for_each(|element| statement(session, element)))
        }
        NodeEnum::RenameStmt(stmt) => rename_interpret::interpret(stmt, session),
        NodeEnum::DropStmt(stmt) => generic::drop(stmt, session),
        NodeEnum::CommentStmt(stmt) => generic::comment(stmt, session),
        NodeEnum::AlterOwnerStmt(stmt) => generic::owner(stmt, session),
        NodeEnum::AlterObjectSchemaStmt(stmt) => generic::set_schema(stmt, session),
        NodeEnum::GrantStmt(stmt) => privileges::interpret_grant(stmt, session),
        NodeEnum::AlterDefaultPrivilegesStmt(stmt) => default_privileges::interpret(stmt, session),
        NodeEnum::CreateExtensionStmt(stmt) => extension::interpret_create(stmt, session),
        NodeEnum::AlterExtensionStmt(stmt) => extension::interpret_update(stmt, session),
        NodeEnum::AlterExtensionContentsStmt(stmt) => Err(extension::not_altered(stmt)),
        NodeEnum::AlterObjectDependsStmt(stmt) => extension_dependency::interpret(stmt, session),
        NodeEnum::CreateEnumStmt(stmt) => enum_type::interpret_create(stmt, session),
        NodeEnum::AlterEnumStmt(stmt) => enum_type::interpret_alter(stmt, session),
        NodeEnum::CompositeTypeStmt(stmt) => composite::interpret_create(stmt, session),
        NodeEnum::CreateDomainStmt(stmt) => domain::interpret_create(stmt, session),
        NodeEnum::AlterDomainStmt(stmt) => domain::interpret_alter(stmt, session),
        NodeEnum::CreateRangeStmt(stmt) => range::interpret_create(stmt, session),
        NodeEnum::CreateSeqStmt(stmt) => sequence::interpret_create(stmt, session),
        NodeEnum::AlterSeqStmt(stmt) => sequence::interpret_alter(stmt, session),
        NodeEnum::CreateStmt(stmt) => table::interpret_create(stmt, session),
        NodeEnum::CreateFdwStmt(stmt) => foreign_data_wrapper::interpret_create(stmt, session),
        NodeEnum::AlterFdwStmt(stmt) => foreign_data_wrapper::interpret_alter(stmt, session),
        NodeEnum::CreateForeignServerStmt(stmt) => server::interpret_create(stmt, session),
        NodeEnum::AlterForeignServerStmt(stmt) => server::interpret_alter(stmt, session),
        NodeEnum::CreateUserMappingStmt(stmt) => user_mapping::interpret_create(stmt, session),
        NodeEnum::AlterUserMappingStmt(stmt) => user_mapping::interpret_alter(stmt, session),
        NodeEnum::DropUserMappingStmt(stmt) => user_mapping::interpret_drop(stmt, session),
        NodeEnum::ImportForeignSchemaStmt(stmt) => Err(DdlError::Invalid(format!(
            "IMPORT FOREIGN SCHEMA asks the server {} what there is; write the foreign tables themselves, which dump does",
            Ident::new(&stmt.server_name)
        ))),
        NodeEnum::CreateForeignTableStmt(stmt) => table::interpret_create_foreign(stmt, session),
        NodeEnum::AlterTableStmt(stmt) => alter_relation(stmt, session),
        NodeEnum::AlterTableMoveAllStmt(stmt) => tablespace::interpret_move_all(stmt, session),
        NodeEnum::CreateFunctionStmt(stmt) => routine_interpret::interpret_create(stmt, session),
        NodeEnum::AlterFunctionStmt(stmt) => routine_interpret::interpret_alter(stmt, session),
        NodeEnum::ViewStmt(stmt) => view_interpret::interpret_view(stmt, session),
        NodeEnum::ClusterStmt(stmt) => table::interpret_cluster(stmt, session),
        NodeEnum::CreateTableAsStmt(stmt) => view_interpret::interpret_table_as(stmt, session),
        NodeEnum::RefreshMatViewStmt(stmt) => view_interpret::interpret_refresh(stmt, session),
        NodeEnum::CreateTrigStmt(stmt) => trigger_interpret::interpret_trigger(stmt, session),
        NodeEnum::CreateOpFamilyStmt(stmt) => opclass_interpret::interpret_create_family(stmt, session),
        NodeEnum::AlterOpFamilyStmt(stmt) => opclass_interpret::interpret_alter_family(stmt, session),
        NodeEnum::CreateOpClassStmt(stmt) => opclass_interpret::interpret_create_class(stmt, session),
        NodeEnum::DefineStmt(stmt) if stmt.kind() == protobuf::ObjectType::ObjectType => type_definition::interpret_create(stmt, session),
        NodeEnum::AlterTypeStmt(stmt) => type_definition::interpret_alter(stmt, session),
        NodeEnum::CreateSubscriptionStmt(stmt) => subscription::interpret_create(stmt, session),
        NodeEnum::AlterSubscriptionStmt(stmt) => subscription::interpret_alter(stmt, session),
        NodeEnum::DropSubscriptionStmt(stmt) => subscription::interpret_drop(stmt, session),
        NodeEnum::SecLabelStmt(stmt) => security_label::interpret(stmt, session),
        NodeEnum::CreatePublicationStmt(stmt) => publication::interpret_create(stmt, session),
        NodeEnum::AlterPublicationStmt(stmt) => publication::interpret_alter(stmt, session),
        NodeEnum::CreatePolicyStmt(stmt) => trigger_interpret::interpret_policy(stmt, session),
        NodeEnum::AlterPolicyStmt(stmt) => trigger_interpret::interpret_alter_policy(stmt, session),
        NodeEnum::RuleStmt(stmt) => trigger_interpret::interpret_rule(stmt, session),
        NodeEnum::IndexStmt(stmt) => index::interpret::interpret_create(stmt, session),
        NodeEnum::CreateStatsStmt(stmt) => statistics::interpret_create(stmt, session),
        NodeEnum::AlterStatsStmt(stmt) => statistics::interpret_alter(stmt, session),
        NodeEnum::DefineStmt(stmt) => define_interpret::interpret(stmt, session),
        NodeEnum::AlterOperatorStmt(stmt) => operator::interpret_alter(stmt, session),
        NodeEnum::AlterCollationStmt(stmt) => plain_interpret::refresh_collation(stmt, session),
        NodeEnum::AlterTsdictionaryStmt(stmt) => define_interpret::interpret_dictionary(stmt, session),
        NodeEnum::AlterTsconfigurationStmt(stmt) => define_interpret::interpret_configuration(stmt, session),
        NodeEnum::CreateCastStmt(stmt) => plain_interpret::create_cast(stmt, session),
        NodeEnum::CreateEventTrigStmt(stmt) => plain_interpret::create_event_trigger(stmt, session),
        NodeEnum::AlterEventTrigStmt(stmt) => plain_interpret::alter_event_trigger(stmt, session),
        NodeEnum::CreatePlangStmt(stmt) => plain_interpret::create_language(stmt, session),
        NodeEnum::CreateTransformStmt(stmt) => plain_interpret::create_transform(stmt, session),
        NodeEnum::CreateAmStmt(stmt) => plain_interpret::create_access_method(stmt, session),
        NodeEnum::CreateConversionStmt(stmt) => plain_interpret::create_conversion(stmt, session),
        NodeEnum::VariableSetStmt(stmt) if stmt.name == "role" => {
            session.role = stmt.args.first().and_then(sql::literal::string).filter(|role| *role != "none").map(Ident::new);
            Ok(())
        }
        NodeEnum::AlterDatabaseSetStmt(stmt) => database_settings::interpret(None, stmt.setstmt.as_ref(), session),
        NodeEnum::AlterRoleSetStmt(stmt) if !stmt.database.is_empty() => {
            database_settings::interpret(stmt.role.as_ref(), stmt.setstmt.as_ref(), session)
        }
        NodeEnum::AlterDatabaseStmt(stmt) => Err(database::not_altered(stmt)),
        NodeEnum::AlterDatabaseRefreshCollStmt(_) => Err(database::not_refreshed()),
        NodeEnum::DoStmt(stmt) => run_block(stmt, session),
        NodeEnum::SelectStmt(stmt) if stmt.into_clause.is_some() => {
            Err(DdlError::Unsupported("SELECT INTO: it makes rows, and columns that only a server knows the types of".to_owned()))
        }
        NodeEnum::SelectStmt(_) => {
            Err(DdlError::Unsupported("SELECT of a function of the schema: only a server knows what it makes".to_owned()))
        }
        other if block::is_of_server(other) => Ok(()),
        other => match block::form_of_server(other) {
            Some(form) => {
                Err(DdlError::Invalid(format!("{form} is about the whole server, of which the files of one database do not speak")))
            }
            None => Err(DdlError::Unsupported(name_of(other))),
        },
    }
}

/// DO, where it can be told what it does.
fn run_block(stmt: &protobuf::DoStmt, session: &mut Session) -> Result<(), DdlError> {
    let block = block::read(stmt)?;
    let run = |(at, node): (usize, &Node)| match block.guards.iter().any(|(first, guard)| *first == at && !guard.holds(&session.catalog)) {
        true => Err(block::unsupported("IF")),
        false => statement(session, node),
    };
    match block.statements.iter().enumerate().try_for_each(run) {
        Err(DdlError::Exists(_)) if block.unless_there => {
            session.catalog.roll_back();
            session.catalog.begin();
            Ok(())
        }
        done => done,
    }
}

/// ALTER TABLE and what PostgreSQL parses like it: the kind of the relation decides, not the word.
fn alter_relation(stmt: &protobuf::AlterTableStmt, session: &mut Session) -> Result<(), DdlError> {
    let relation = stmt.relation.clone().unwrap_or_default();
    // The index behind a constraint is no relation of the catalog.
    let found = session.relation(&relation).or_else(|error| index::interpret::index_object(&relation, session).map_err(|_| error));
    let id = match found {
        Ok(id) => id,
        Err(error @ DdlError::Missing { .. }) => match sequence::interpret_behind(stmt, session)? {
            None if stmt.missing_ok => return Ok(()),
            None => return Err(error),
            Some(()) => return Ok(()),
        },
        Err(error) => return Err(error),
    };
    if id.kind == Kind::Table {
        return table::interpret_alter(&id, stmt, session);
    }
    for command in &stmt.cmds {
        let Some(NodeEnum::AlterTableCmd(command)) = command.node.as_ref() else { continue };
        match id.kind {
            Kind::Sequence => sequence::interpret_command(&id, command, session)?,
            Kind::Composite => composite::interpret_command(&id, command, session)?,
            Kind::View | Kind::MaterializedView => view_interpret::interpret_command(&id, command, session)?,
            Kind::Index | Kind::Constraint => index::interpret::interpret_command(&id, command, session)?,
            kind => return Err(DdlError::Unsupported(format!("ALTER {}", kind.keyword()))),
        }
    }
    Ok(())
}

/// `CreateForeignTableStmt`: `CREATE FOREIGN TABLE`, as well as the parser's names tell.
fn name_of(node: &NodeEnum) -> String {
    let debug = format!("{node:?}");
    let name = debug.split(['(', ' ', '{']).next().unwrap_or_default().trim_end_matches("Stmt");
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_uppercase());
    }
    words
}

/// The schema that every database has.
pub fn public() -> ObjectId {
    ObjectId::global(Kind::Schema, "public")
}
