//! The door to schema files: finding them, taking them apart into statements, and what of them is schema at all.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pg_query::protobuf;
use rayon::prelude::*;
use thiserror::Error;
use walkdir::WalkDir;

use crate::model::{Ident, Origin};
use crate::object::database;
use crate::plan::merge::{Manage, Speaks};
use crate::source::environment::{self, Environment};
use crate::source::renames::{self, RenameHint};
use crate::source::{block, include, system_schemas};
use crate::sql::{self, NodeEnum, Statement, Tree};

/// A schema file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// As it is called in messages.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Schema files that cannot be taken.
#[derive(Debug, Error)]
pub enum FilesError {
    /// A file or folder cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A place in a file is wrong.
    #[error("{}:{line}:{column}: {message}", file.path)]
    At {
        /// The file.
        file: Box<SourceFile>,
        /// What of it, in bytes.
        span: Range<usize>,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
}

impl FilesError {
    /// An error about a place in a file.
    pub fn at(file: &SourceFile, span: Range<usize>, message: impl Into<String>) -> Self {
        let mut start = span.start.min(file.text.len());
        while !file.text.is_char_boundary(start) {
            start -= 1;
        }
        let before = &file.text[..start];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self::At { file: Box::new(file.clone()), span, line, column, message: message.into() }
    }
}

/// A statement that makes or changes schema, with where it stands and under which settings.
#[derive(Clone, Debug)]
pub struct SchemaStatement {
    /// Index of its file.
    pub file: usize,
    /// Its tree, with positions in the file.
    pub tree: Tree,
    /// Its bytes in the file, without semicolon, and without comments and white space around it.
    pub span: Range<usize>,
    /// The renames that hints ask for.
    pub renames: Vec<RenameHint>,
    /// Whether it is about the database itself.
    pub about_database: bool,
    /// SET statements in force.
    pub environment: Arc<Environment>,
}

impl SchemaStatement {
    fn new(file: usize, node: &sql::Node, span: Range<usize>, environment: &Arc<Environment>) -> Self {
        let about_database = node.node.as_ref().is_some_and(|node| database::spoken_of(node).is_some());
        Self { file, tree: Tree::of(node), span, renames: Vec::new(), about_database, environment: Arc::clone(environment) }
    }
}

/// Everything that the schema files say.
#[derive(Clone, Debug, Default)]
pub struct SchemaFiles {
    /// The files, by path.
    pub files: Vec<SourceFile>,
    /// Their statements, file by file.
    pub statements: Vec<SchemaStatement>,
    /// The role that runs the files, where it is known.
    pub role: Option<Ident>,
    /// What the statements speak of.
    pub said: Speaks,
    /// Whether owners and privileges are managed.
    pub manage: Manage,
    /// Roles that some statement makes: they are the server's, but must be there for others to name them.
    pub roles: BTreeSet<Ident>,
    /// The statements about roles, which are the server's.
    pub role_statements: Vec<SchemaStatement>,
    /// What is no schema and was left out by rule, to be told: file, place, what.
    pub notes: Vec<(Origin, String)>,
    /// Calls of functions that are not PostgreSQL's own, until it is known whether files make these: number of the statement, function, place.
    pub calls: Vec<(usize, String, Origin)>,
}

const NO_SCHEMA: &str = "a query makes no schema: it is left out";

/// What is no schema, and why it is left out.
fn left_out(node: &NodeEnum) -> Option<&'static str> {
    Some(match node {
        NodeEnum::InsertStmt(_)
        | NodeEnum::UpdateStmt(_)
        | NodeEnum::DeleteStmt(_)
        | NodeEnum::MergeStmt(_)
        | NodeEnum::TruncateStmt(_)
        | NodeEnum::CopyStmt(_) => "rows are data, not schema: the statement is left out",
        NodeEnum::VacuumStmt(_) | NodeEnum::CheckPointStmt(_) | NodeEnum::DiscardStmt(_) | NodeEnum::LockStmt(_) => {
            "the statement makes no schema: it is left out"
        }
        node if is_of_large_object(node) => "large objects are data, not schema: the statement is left out",
        node if is_of_tablespace(node) => "tablespaces belong to the whole server: the statement is left out",
        _ => return None,
    })
}

/// Every `.sql` file below these folders, and these files, by path.
///
/// # Errors
/// Where one cannot be read, or is not UTF-8.
pub fn find(paths: &[PathBuf]) -> Result<Vec<SourceFile>, FilesError> {
    let mut found = Vec::new();
    for path in paths {
        let failed = |source: std::io::Error| FilesError::Read { path: path.display().to_string(), source };
        if path.is_file() {
            found.push(path.clone());
            continue;
        }
        for entry in WalkDir::new(path).follow_links(true).sort_by_file_name() {
            let entry = entry.map_err(|error| failed(error.into()))?;
            if entry.file_type().is_file() && entry.path().extension().is_some_and(|extension| extension.eq_ignore_ascii_case("sql")) {
                found.push(entry.into_path());
            }
        }
    }
    found.sort();
    found.dedup();
    let mut files = found.iter().map(|path| read_file(path)).collect::<Result<_, _>>()?;
    include::complete(&mut files)?;
    Ok(files)
}

pub(super) fn read_file(path: &Path) -> Result<SourceFile, FilesError> {
    let name = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(SourceFile { path: name, text }),
        Err(source) => Err(FilesError::Read { path: name, source }),
    }
}

/// Takes files apart.
///
/// # Errors
/// The first place, by file, that does not parse or has no place in schema files.
#[tracing::instrument(level = "debug", skip_all)]
pub fn parse(files: Vec<SourceFile>) -> Result<SchemaFiles, FilesError> {
    let settings = include::settings(&files)?;
    let said = |(index, file)| said(index, file, settings.get(&index).cloned().unwrap_or_default());
    // What a file says is all that is kept of it: the trees of many files at once are large.
    let parsed: Vec<Result<SchemaFiles, FilesError>> = files.par_iter().enumerate().map(said).collect();
    let mut all = SchemaFiles::default();
    for said in parsed {
        let said = said?;
        let before = all.statements.len();
        all.calls.extend(said.calls.into_iter().map(|(at, name, origin)| (before + at, name, origin)));
        all.statements.extend(said.statements);
        all.notes.extend(said.notes);
        all.said.extend(said.said);
        all.roles.extend(said.roles);
        all.role_statements.extend(said.role_statements);
    }
    all.files = files;
    all.settle_calls();
    system_schemas::refuse(&all)?;
    renames::refuse_circles(&all)?;
    Ok(all)
}

fn said(index: usize, file: &SourceFile, mut environment: Arc<Environment>) -> Result<SchemaFiles, FilesError> {
    let mut said = SchemaFiles::default();
    for statement in statements(file)? {
        said.take(index, file, statement, &mut environment)?;
    }
    Ok(said)
}

fn statements(file: &SourceFile) -> Result<Vec<Statement<Tree>>, FilesError> {
    sql::parse_file_packed(&file.text).map_err(|error| refused(file, error))
}

/// What the parser says of a file.
pub(super) fn refused(file: &SourceFile, error: sql::ParseError) -> FilesError {
    let start = error.position.unwrap_or(0).min(file.text.len());
    FilesError::at(file, start..word_end(&file.text, start), error.message)
}

/// The settings in force at a place of a file, where some were before its first statement.
pub(super) fn settings_at(
    file: &SourceFile,
    mut environment: Arc<Environment>,
    places: &[usize],
) -> Result<Vec<Arc<Environment>>, FilesError> {
    let mut ignored = SchemaFiles::default();
    let mut statements = statements(file)?.into_iter().peekable();
    let mut found = Vec::with_capacity(places.len());
    for place in places {
        while let Some(statement) = statements.next_if(|statement| statement.span.start < *place) {
            ignored.take(0, file, statement, &mut environment)?;
        }
        found.push(Arc::clone(&environment));
    }
    Ok(found)
}

fn word_end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    start
        + rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|length| *length > 0)
            .unwrap_or_else(|| rest.chars().next().map_or(0, char::len_utf8))
}

impl SchemaFiles {
    fn take(
        &mut self,
        index: usize,
        file: &SourceFile,
        statement: Statement<Tree>,
        environment: &mut Arc<Environment>,
    ) -> Result<(), FilesError> {
        let renames = renames::of(&file.text, &statement, environment).map_err(|error| refused(file, error))?;
        if statement.node.is_plain() {
            self.push(index, (statement, renames), None, environment);
            return Ok(());
        }
        let whole = statement.node.node().map_err(|error| FilesError::at(file, statement.span.clone(), error.message))?;
        let origin = || Origin { file: file.path.as_str().into(), start: statement.span.start, end: statement.span.end };
        if let Some(why) = whole.node.as_ref().and_then(left_out) {
            self.notes.push((origin(), why.to_owned()));
            return Ok(());
        }
        match whole.node.as_ref() {
            Some(NodeEnum::VariableSetStmt(set)) => {
                let text = file.text.get(statement.span.clone()).unwrap_or_default();
                environment::apply_set(set, text, Arc::make_mut(environment))
                    .map_err(|error| FilesError::at(file, statement.span.clone(), error))?;
            }
            Some(NodeEnum::SelectStmt(select)) if select.into_clause.is_some() => {
                self.push(index, (statement, renames), whole.node.as_ref(), environment)
            }
            Some(NodeEnum::SelectStmt(select)) => match called_function(select).as_deref() {
                Some("set_config") => environment::apply_set_config(select, Arc::make_mut(environment)),
                Some("setval") => self.notes.push((origin(), "the value of a sequence is data: setval is left out".to_owned())),
                Some(name) if !sql::is_builtin_function(name) => {
                    self.calls.push((self.statements.len(), name.to_owned(), origin()));
                    self.push(index, (statement, renames), whole.node.as_ref(), environment);
                }
                _ => self.notes.push((origin(), NO_SCHEMA.to_owned())),
            },
            Some(NodeEnum::TransactionStmt(_)) => {}
            Some(node) if block::is_of_server(node) => self.take_of_server(index, &whole, &statement.span, environment),
            Some(NodeEnum::DoStmt(stmt)) => {
                let block = block::read(stmt).unwrap_or_default();
                for node in block.roles.iter().chain(&block.statements) {
                    if node.node.as_ref().is_some_and(block::is_of_server) {
                        self.take_of_server(index, node, &statement.span, environment);
                    }
                }
                self.push(index, (statement, renames), whole.node.as_ref(), environment);
            }
            about => self.push(index, (statement, renames), about, environment),
        }
        Ok(())
    }

    /// Leaves out the calls of functions that no file makes: what the others make may be schema.
    fn settle_calls(&mut self) {
        let calls = std::mem::take(&mut self.calls);
        let names: BTreeSet<&String> = calls.iter().map(|(_, name, _)| name).collect();
        let made: BTreeSet<String> = names.into_iter().filter(|name| self.makes_function(name)).cloned().collect();
        let foreign: BTreeMap<usize, Origin> =
            calls.into_iter().filter(|(_, name, _)| !made.contains(name)).map(|(at, _, origin)| (at, origin)).collect();
        let mut at = 0..;
        self.statements.retain(|_| at.next().is_none_or(|at| !foreign.contains_key(&at)));
        self.notes.extend(foreign.into_values().map(|origin| (origin, NO_SCHEMA.to_owned())));
    }

    fn makes_function(&self, name: &str) -> bool {
        self.statements.iter().filter(|statement| self.text(statement).contains(name)).any(|statement| {
            let node = statement.tree.node().ok().and_then(|node| node.node);
            matches!(node, Some(NodeEnum::CreateFunctionStmt(made)) if sql::literal::names(&made.funcname).last().is_some_and(|last| last == name))
        })
    }

    /// Takes a statement about roles.
    fn take_of_server(&mut self, file: usize, node: &sql::Node, span: &Range<usize>, environment: &Arc<Environment>) {
        if let Some(NodeEnum::CreateRoleStmt(stmt)) = &node.node {
            self.roles.insert(Ident::new(&stmt.role));
        }
        self.role_statements.push(SchemaStatement::new(file, node, span.clone(), environment));
    }

    /// Takes in a statement that makes or changes schema. `node` is its tree where that may say more than that.
    fn push(
        &mut self,
        file: usize,
        (Statement { node: tree, span, .. }, renames): (Statement<Tree>, Vec<RenameHint>),
        node: Option<&NodeEnum>,
        environment: &Arc<Environment>,
    ) {
        for name in ["role", "session_authorization"] {
            self.said.owners.extend(environment.get(name).map(|role| Ident::new(role)));
        }
        if let Some(node) = node {
            speak(&mut self.said, node);
        }
        let about_database = node.is_some_and(|node| database::spoken_of(node).is_some());
        let environment = Arc::clone(environment);
        self.statements.push(SchemaStatement { file, tree, span, renames, about_database, environment });
    }

    /// The same with some of its statements only, by their numbers, in that order.
    pub fn only(&self, statements: &[usize]) -> Self {
        Self {
            files: self.files.clone(),
            statements: statements.iter().filter_map(|index| self.statements.get(*index)).cloned().collect(),
            role: self.role.clone(),
            said: self.said.clone(),
            manage: self.manage,
            roles: self.roles.clone(),
            role_statements: self.role_statements.clone(),
            notes: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// The text of a statement.
    pub fn text(&self, statement: &SchemaStatement) -> &str {
        self.files.get(statement.file).and_then(|file| file.text.get(statement.span.clone())).unwrap_or_default()
    }

    /// An error about a statement.
    pub fn error(&self, statement: &SchemaStatement, position: Option<usize>, message: impl Into<String>) -> FilesError {
        let span = &statement.span;
        match self.files.get(statement.file) {
            Some(file) => {
                let span = position.map_or_else(|| span.clone(), |at| span.start + at..word_end(&file.text, span.start + at));
                FilesError::at(file, span, message)
            }
            None => FilesError::Read { path: String::new(), source: std::io::ErrorKind::NotFound.into() },
        }
    }

    /// What the files speak of, beside the objects themselves.
    pub fn speaks(&self) -> Speaks {
        let mut speaks = self.said.clone();
        speaks.privileges |= speaks.default_privileges;
        speaks.managed(self.manage)
    }
}

fn is_of_tablespace(node: &NodeEnum) -> bool {
    matches!(node, NodeEnum::CommentStmt(stmt) if stmt.objtype() == protobuf::ObjectType::ObjectTablespace)
}

/// Whether a statement is about a large object; `pg_dump -s` says nothing of any.
fn is_of_large_object(node: &NodeEnum) -> bool {
    let objtype = match node {
        NodeEnum::GrantStmt(stmt) => stmt.objtype(),
        NodeEnum::CommentStmt(stmt) => stmt.objtype(),
        NodeEnum::AlterOwnerStmt(stmt) => stmt.object_type(),
        NodeEnum::SecLabelStmt(stmt) => stmt.objtype(),
        _ => return false,
    };
    objtype == protobuf::ObjectType::ObjectLargeobject
}

/// What one statement speaks of.
fn speak(speaks: &mut Speaks, node: &NodeEnum) {
    if let Some(kind) = database::spoken_of(node) {
        speaks.database.insert(kind);
        return;
    }
    if block::is_of_server(node) {
        return;
    }
    match node {
        NodeEnum::AlterOwnerStmt(stmt) => speaks.owners.extend(stmt.newowner.as_ref().map(role_name)),
        NodeEnum::CreateSchemaStmt(stmt) => speaks.owners.extend(stmt.authrole.as_ref().map(role_name)),
        NodeEnum::AlterTableStmt(stmt) => {
            for command in stmt.cmds.iter().filter_map(|node| node.node.as_ref()) {
                if let NodeEnum::AlterTableCmd(command) = command
                    && command.subtype() == protobuf::AlterTableType::AtChangeOwner
                {
                    speaks.owners.extend(command.newowner.as_ref().map(role_name));
                }
            }
        }
        NodeEnum::GrantStmt(stmt) => {
            speaks.privileges = true;
            if stmt.targtype() == protobuf::GrantTargetType::AclTargetAllInSchema {
                speaks.wholesale.extend(sql::literal::names(&stmt.objects).iter().map(|name| Ident::new(name)));
            }
        }
        NodeEnum::AlterDefaultPrivilegesStmt(_) => speaks.default_privileges = true,
        NodeEnum::CreateExtensionStmt(stmt) if sql::literal::option(&stmt.options, "new_version").is_some() => {
            speaks.versions.insert(Ident::new(&stmt.extname));
        }
        NodeEnum::AlterExtensionStmt(stmt) => {
            speaks.versions.insert(Ident::new(&stmt.extname));
        }
        NodeEnum::DoStmt(stmt) => {
            let block = block::read(stmt).unwrap_or_default();
            block.statements.iter().filter_map(|node| node.node.as_ref()).for_each(|node| speak(speaks, node));
        }
        _ => {}
    }
}

/// The role that is meant; `CURRENT_USER` and its kin by their names in upper case.
pub fn role_name(role: &protobuf::RoleSpec) -> Ident {
    match role.roletype() {
        protobuf::RoleSpecType::RolespecCurrentRole | protobuf::RoleSpecType::RolespecCurrentUser => Ident::new("CURRENT_USER"),
        protobuf::RoleSpecType::RolespecSessionUser => Ident::new("SESSION_USER"),
        protobuf::RoleSpecType::RolespecPublic => Ident::new("PUBLIC"),
        _ => Ident::new(&role.rolename),
    }
}

/// The function that a `SELECT f(..)` without FROM calls.
fn called_function(select: &protobuf::SelectStmt) -> Option<String> {
    let (Some(protobuf::Node { node: Some(NodeEnum::ResTarget(target)) }), true, true) =
        (select.target_list.first(), select.target_list.len() == 1, select.from_clause.is_empty())
    else {
        return None;
    };
    match target.val.as_ref()?.node.as_ref()? {
        NodeEnum::FuncCall(call) => sql::literal::names(&call.funcname).pop(),
        _ => None,
    }
}
