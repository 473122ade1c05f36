//! What hints in schema files say of earlier names, and of what they say it.
//!
//! A hint that is passed over is a table that is dropped and made anew without its rows: what no plan can follow is refused.

use std::collections::BTreeMap;

use super::environment::{Environment, search_path};
use super::files::{FilesError, SchemaFiles};
use crate::model::{Catalog, Ident, ObjectId, QName};
use crate::object::Kind;
use crate::sql::{Hint, HintKind, Name, Node, NodeEnum, ParseError, Statement, Tree, made};

/// What a hint says: something of the files, and the name that it had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameHint {
    /// What the hint stands over.
    pub subject: Subject,
    /// The old schema, where the hint names one.
    pub old_schema: Option<Ident>,
    /// The old name.
    pub old: Ident,
    /// Byte offset of the hint in its file.
    pub position: usize,
}

/// What of a file a hint stands over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A schema.
    Schema(Ident),
    /// A relation or a type.
    Object(Made),
    /// A column, or an attribute of a composite type.
    Part(Made, Ident),
}

/// A relation or a type as the file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// What it can be.
    kinds: &'static [Kind],
    /// The schemas that it can be in, the first first.
    schemas: Vec<Ident>,
    /// Its name.
    pub name: Ident,
}

impl Made {
    fn of(node: &NodeEnum, environment: &Environment) -> Option<Self> {
        let kinds: &[Kind] = match node {
            NodeEnum::CreateStmt(_) | NodeEnum::CreateForeignTableStmt(_) => &[Kind::Table],
            NodeEnum::ViewStmt(_) => &[Kind::View],
            NodeEnum::CreateSeqStmt(_) => &[Kind::Sequence],
            NodeEnum::CreateTableAsStmt(_) => &[Kind::MaterializedView, Kind::Table],
            NodeEnum::CreateEnumStmt(_) => &[Kind::Enum],
            NodeEnum::CreateRangeStmt(_) => &[Kind::Range],
            NodeEnum::CreateDomainStmt(_) => &[Kind::Domain],
            NodeEnum::CompositeTypeStmt(_) => &[Kind::Composite],
            NodeEnum::IndexStmt(_) => &[Kind::Index],
            _ => return None,
        };
        let Name { schema, name } = made(node)?;
        let schemas = schema.map_or_else(|| search_path(environment), |schema| vec![Ident::new(&schema)]);
        Some(Self { kinds, schemas, name: Ident::new(&name) })
    }

    /// The object in a catalog that was made of the files.
    pub fn find(&self, catalog: &Catalog) -> Option<ObjectId> {
        let named = |schema: &Ident| QName { schema: schema.clone(), name: self.name.clone() };
        let ids = |schema| self.kinds.iter().map(move |kind| ObjectId::in_schema(*kind, named(schema)));
        self.schemas.iter().flat_map(ids).find(|id| catalog.contains(id))
    }
}

/// The renames that the hints of a statement ask for.
///
/// # Errors
/// A hint that stands over what it cannot be about.
pub fn of(text: &str, statement: &Statement<Tree>, environment: &Environment) -> Result<Vec<RenameHint>, ParseError> {
    let is_rename = |hint: &&Hint| matches!(hint.kind, HintKind::RenamedFrom { .. });
    let Some(first) = statement.hints.iter().find(is_rename) else { return Ok(Vec::new()) };
    let refused = |at| {
        ParseError::at(
            at,
            "a hint to rename stands over a schema, a relation, a type, an index, a column or an attribute: move it there, or delete it",
        )
    };
    let node = statement.node.node()?.node.ok_or_else(|| refused(first.position))?;
    let mut found = Vec::new();
    for hint in statement.hints.iter().filter(is_rename) {
        let HintKind::RenamedFrom { schema, name } = &hint.kind else { continue };
        let subject = subject(text, statement, &node, hint, environment)?.ok_or_else(|| refused(hint.position))?;
        let old_schema = schema.as_deref().map(Ident::new);
        if old_schema.is_some() && !matches!(subject, Subject::Object(_)) {
            return Err(ParseError::at(hint.position, "the old name of a schema, a column or an attribute has one part"));
        }
        found.push(RenameHint { subject, old_schema, old: Ident::new(name), position: hint.position });
    }
    Ok(found)
}

/// A comment at the end of a line is about what stands before it there, one that has its line for itself about what follows.
fn subject(
    text: &str,
    statement: &Statement<Tree>,
    node: &NodeEnum,
    hint: &Hint,
    environment: &Environment,
) -> Result<Option<Subject>, ParseError> {
    let whole = || match node {
        NodeEnum::CreateSchemaStmt(stmt) if !stmt.schemaname.is_empty() => Some(Subject::Schema(Ident::new(&stmt.schemaname))),
        node => Made::of(node, environment).map(Subject::Object),
    };
    let at = hint.position;
    if !statement.span.contains(&at) {
        return Ok(whole());
    }
    let before = text.get(statement.span.start..at).unwrap_or_default();
    let (first_line, line) = (!before.contains('\n'), before.rsplit('\n').next().unwrap_or_default());
    let elements = elements(node);
    let is_behind = first_line || !line.trim().is_empty();
    let over = elements.partition_point(|(_, element)| *element < at);
    let element = if is_behind { over.checked_sub(1) } else { Some(over) }.and_then(|index| elements.get(index));
    match (element, Made::of(node, environment)) {
        (Some((Some(name), _)), Some(made)) => Ok(Some(Subject::Part(made, name.clone()))),
        (Some((None, _)), _) => Err(ParseError::at(at, "a constraint that only changes its name is renamed without a hint")),
        (None, _) if first_line => Ok(whole()),
        _ => Err(ParseError::at(at, "no column follows this hint to rename: put it before the column that has the new name, or delete it")),
    }
}

/// Columns or attributes, and constraints, which have no name here, with their places in the file.
fn elements(node: &NodeEnum) -> Vec<(Option<Ident>, usize)> {
    let elements: &[Node] = match node {
        NodeEnum::CreateStmt(stmt) => &stmt.table_elts,
        NodeEnum::CreateForeignTableStmt(stmt) => stmt.base_stmt.as_ref().map_or(&[], |base| &base.table_elts),
        NodeEnum::CompositeTypeStmt(stmt) => &stmt.coldeflist,
        _ => &[],
    };
    let place = |element: &Node| match element.node.as_ref() {
        Some(NodeEnum::ColumnDef(column)) => Some((Some(Ident::new(&column.colname)), usize::try_from(column.location).ok()?)),
        Some(NodeEnum::Constraint(constraint)) => Some((None, usize::try_from(constraint.location).ok()?)),
        _ => None,
    };
    let mut found: Vec<_> = elements.iter().filter_map(place).collect();
    found.sort_by_key(|(_, at)| *at);
    found
}

/// A name within what it has to be unique in.
type Place = (&'static [Kind], Vec<Ident>);

impl RenameHint {
    /// The new place of what the hint is about, and the old one.
    fn places(&self) -> (Place, Place) {
        let (kinds, outer, new, old_outer): (&'static [Kind], _, _, _) = match &self.subject {
            Subject::Schema(name) => (&[], Vec::new(), name, None),
            Subject::Object(made) => (made.kinds, made.schemas.first().cloned().into_iter().collect(), &made.name, self.old_schema.clone()),
            Subject::Part(made, name) => (made.kinds, made.schemas.first().into_iter().chain([&made.name]).cloned().collect(), name, None),
        };
        let old_outer = old_outer.map_or_else(|| outer.clone(), |schema| vec![schema]);
        let place = |outer: Vec<Ident>, name: &Ident| (kinds, outer.into_iter().chain([name.clone()]).collect());
        (place(outer, new), place(old_outer, &self.old))
    }
}

/// Refuses hints that lead from a name back to itself: its names are there before and afterwards, so that nothing tells whether it is done.
///
/// # Errors
/// The first of such hints.
pub fn refuse_circles(files: &SchemaFiles) -> Result<(), FilesError> {
    let said = || files.statements.iter().flat_map(|statement| statement.renames.iter().map(move |hint| (statement, hint)));
    let olds: BTreeMap<Place, Place> = said().map(|(_, hint)| hint.places()).collect();
    let leads_back = |hint: &RenameHint| {
        let (start, old) = hint.places();
        let steps = std::iter::successors(Some(&old), |at| olds.get(*at));
        steps.take(olds.len()).any(|at| *at == start)
    };
    let Some((statement, hint)) = said().find(|(_, hint)| leads_back(hint)) else { return Ok(()) };
    let why = "hints to rename lead from this name back to it, and nothing will tell whether that is done: let one of them take a third name, \
               in a plan before";
    let Some(file) = files.files.get(statement.file) else { return Ok(()) };
    Err(FilesError::at(file, hint.position..hint.position + 2, why))
}

#[cfg(test)]
mod tests {
    use super::super::files::{SourceFile, parse};
    use super::*;

    fn read(text: &str) -> Result<Vec<(Subject, String)>, String> {
        let files = parse(vec![SourceFile { path: "a.sql".to_owned(), text: text.to_owned() }]).map_err(|error| error.to_string())?;
        let hints = files.statements.iter().flat_map(|statement| &statement.renames);
        Ok(hints.map(|hint| (hint.subject.clone(), hint.old.to_string())).collect())
    }

    fn part_of(text: &str) -> Option<String> {
        match &read(text).unwrap_or_else(|error| panic!("{text}: {error}"))[..] {
            [(Subject::Part(_, name), old)] => Some(format!("{old} {name}")),
            [(Subject::Object(made), old)] => Some(format!("{old} -> {}", made.name)),
            [(Subject::Schema(name), old)] => Some(format!("schema {old} {name}")),
            _ => None,
        }
    }

    #[test]
    fn a_hint_is_about_what_follows_or_what_stands_before_it_on_its_line() {
        for (text, about) in [
            ("-- trueup: renamed from x\nCREATE TABLE t (a int)", "x -> t"),
            ("CREATE TABLE t (a int); -- trueup: renamed from x", "x -> t"),
            ("CREATE TABLE t ( -- trueup: renamed from x\n a int)", "x -> t"),
            ("CREATE TABLE t (\n -- trueup: renamed from x\n a int, b int)", "x a"),
            ("CREATE TABLE t (\n a int, -- trueup: renamed from x\n b int)", "x a"),
            ("CREATE TABLE t (\n a int,\n b int -- trueup: renamed from x\n)", "x b"),
            ("CREATE TABLE t (\n a int\n DEFAULT 1, -- trueup: renamed from x\n b int)", "x a"),
            ("CREATE TYPE t AS (\n -- trueup: renamed from x\n a int)", "x a"),
            ("-- trueup: renamed from x\nCREATE SCHEMA s", "schema x s"),
            ("CREATE INDEX i -- trueup: renamed from x\n ON t (a)", "x -> i"),
            ("-- trueup: renamed from x\nCREATE FOREIGN TABLE t (a int) SERVER s", "x -> t"),
        ] {
            assert_eq!(part_of(text).as_deref(), Some(about), "{text}");
        }
    }

    #[test]
    fn hints_that_no_plan_follows_are_refused() {
        for (text, why) in [
            (
                "-- trueup: renamed from f\nCREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'select 1'",
                "a.sql:1:1: a hint to rename stands over",
            ),
            ("CREATE TYPE t AS ENUM (\n 'a', -- trueup: renamed from b\n 'c')", "a.sql:2:7: no column follows"),
            ("CREATE TABLE t (a int,\n -- trueup: renamed from b\n CONSTRAINT c CHECK (a > 0))", "a.sql:2:2: a constraint that only"),
            ("CREATE TABLE t (\n a int\n -- trueup: renamed from b\n)", "a.sql:3:2: no column follows"),
            ("CREATE TABLE t (\n -- trueup: renamed from s.b\n a int)", "a.sql:2:2: the old name of"),
            ("-- trueup: renamed from b\nINSERT INTO t VALUES (1)", "a.sql:1:1: a hint to rename stands over"),
            (
                "-- trueup: renamed from b\nCREATE TABLE a ();\n-- trueup: renamed from a\nCREATE TABLE b ()",
                "a.sql:1:1: hints to rename lead",
            ),
            (
                "-- trueup: renamed from s.a\nCREATE TABLE a ();\n-- trueup: renamed from public.a\nCREATE TABLE s.a ()",
                "a.sql:1:1: hints to rename lead",
            ),
        ] {
            let said = read(text).err().unwrap_or_else(|| panic!("{text} is taken"));
            assert!(said.starts_with(why), "{text}: {said}");
        }
        assert!(read("-- trueup: renamed from a\nCREATE TABLE b ();\n-- trueup: renamed from b\nCREATE TABLE c ()").is_ok());
        assert!(read("-- trueup: renamed from b\nCREATE TABLE a ();\n-- trueup: renamed from a\nCREATE TYPE b AS ENUM ()").is_ok());
    }
}
