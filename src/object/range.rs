//! Range types.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use pg_query::{Node, NodeEnum, protobuf};

use super::range_shell::{self, RangeShell};
use super::session::dotted;
use super::type_definition::TypeDefinition;
use super::{base_type, CatalogRow, Change, Cx, DdlError, Found, Kind, ObjectDef, ReadError, Reading, Session, Slot, aside, rename, typing};
use crate::model::{Entry, Expr, Hazard, Ident, Key, ObjectId, Pair, QName, Step, TypeName};
use crate::sql::Name;
use crate::sql::literal::{option, qualified};

/// Range types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The type of the bounds.
    pub subtype: TypeName,
    /// The btree operator class, where it is not the default one of the subtype.
    pub opclass: Option<QName>,
    /// The collation, where it is not the subtype's.
    pub collation: Option<QName>,
    /// The canonicalisation function.
    pub canonical: Option<QName>,
    /// The difference function.
    pub subtype_diff: Option<QName>,
    /// The name of the multirange type.
    pub multirange: QName,
}

impl Range {
    /// The schema of the multirange type, where that is not the range's: `pg_depend` has it for the multirange type, which is no object here.
    fn other_schema(&self, id: &ObjectId) -> Option<ObjectId> {
        let schema = &self.multirange.schema;
        (id.schema() != Some(schema) && schema.as_str() != "pg_catalog").then(|| ObjectId::global(Kind::Schema, schema.as_str()))
    }

    /// Puts the range aside, its multirange with it, and the constructor functions of both, which keep their names and would
    /// be in the way (`makeRangeConstructors`, `makeMultirangeConstructors` in src/backend/commands/typecmds.c). All of them
    /// are in the schema of the range.
    fn swap(&self, id: &ObjectId, cx: &Cx<'_>) -> Change {
        let Some(name) = id.qname() else { return Change::Replace };
        let Self { subtype, opclass: _, collation: _, canonical: _, subtype_diff: _, multirange } = self;
        let old = typing::aside([cx.from, cx.to], name);
        let old_multirange = typing::aside([cx.from, cx.to], multirange);
        let gone = format!("DROP TYPE {old}{}", along(id, cx));
        let constructors = [
            (&name.name, format!("{subtype}, {subtype}"), &old.name),
            (&name.name, format!("{subtype}, {subtype}, pg_catalog.text"), &old.name),
            (&multirange.name, String::new(), &old_multirange.name),
            (&multirange.name, old.to_string(), &old_multirange.name),
            (&multirange.name, format!("{old}[]"), &old_multirange.name),
        ];
        let mut aside = vec![
            Step::new(format!("ALTER TYPE {name} RENAME TO {}", old.name), format!("put the old range {name} aside as {}", old.name))
                .hazard(Hazard::Assumes(format!("the text of every value of {name} can be read as the new type"))),
            Step::new(
                format!("ALTER TYPE {multirange} RENAME TO {}", old_multirange.name),
                format!("put the old multirange {multirange} aside as {}", old_multirange.name),
            ),
        ];
        aside.extend(constructors.into_iter().map(|(function, args, to)| {
            let function = format!("{}.{function}({args})", name.schema);
            Step::new(format!("ALTER FUNCTION {function} RENAME TO {to}"), format!("put the constructor {function} aside"))
        }));
        Change::Swap { aside, gone: vec![Step::new(gone, format!("drop the old range {name}"))] }
    }
}

/// A range and its canonical function need each other, so that only CASCADE drops them. Everything else that needs it is gone by then.
fn along(id: &ObjectId, cx: &Cx<'_>) -> &'static str {
    if cx.from.contains(&RangeShell::id(id)) { " CASCADE" } else { "" }
}

/// The shell that a statement which creates a range defines, and the name of the range.
fn announced(stmt: &protobuf::CreateRangeStmt, session: &Session) -> Result<(Option<ObjectId>, QName), DdlError> {
    let shell = Name::of(&stmt.type_name).and_then(|Name { schema, name }| {
        let name = session.new_name(schema.as_deref().unwrap_or_default(), &name).ok()?;
        let shell = ObjectId::in_schema(Kind::BaseType, name.clone());
        let is_shell = session.catalog.contains(&shell) && !session.catalog.contains(&TypeDefinition::id(&shell));
        is_shell.then_some((shell, name))
    });
    match shell {
        Some((shell, name)) => Ok((Some(shell), name)),
        None => Ok((None, typing::new_type(&stmt.type_name, session)?)),
    }
}

/// Makes what is said of the shell, and needs it, that of the range.
fn define(shell: &ObjectId, id: &ObjectId, session: &mut Session) -> Result<(), DdlError> {
    session.rename(shell, id)?;
    session.catalog.remove(id);
    base_type::forget_privileges(id, session);
    Ok(())
}

/// CREATE TYPE .. AS RANGE.
///
/// # Errors
/// Where the name is taken, or the subtype or a function does not exist.
pub fn interpret_create(stmt: &protobuf::CreateRangeStmt, session: &mut Session) -> Result<(), DdlError> {
    base_type::defining(&stmt.type_name, session, |session| create(stmt, session))
}

fn create(stmt: &protobuf::CreateRangeStmt, session: &mut Session) -> Result<(), DdlError> {
    let (shell, name) = announced(stmt, session)?;
    let argument = |option_name: &str| option(&stmt.params, option_name).and_then(|option| option.arg.as_deref());
    let named = |option_name: &str| argument(option_name).and_then(qualified);
    let Some(NodeEnum::TypeName(subtype_name)) = argument("subtype").and_then(|node| node.node.as_ref()) else {
        return Err(DdlError::Invalid("type attribute \"subtype\" is required".to_owned()));
    };
    let (subtype, subtype_id) = session.type_without_modifier(subtype_name)?;
    let mut needs: Vec<ObjectId> = subtype_id.iter().cloned().collect();
    let canonical = named("canonical").map(|function| find_function(&function, &[name.to_string()], &mut needs, session)).transpose()?;
    let arguments = [subtype.0.clone(), subtype.0.clone()];
    let subtype_diff = named("subtype_diff").map(|function| find_function(&function, &arguments, &mut needs, session)).transpose()?;
    let clause = argument("collation").map(|node| protobuf::CollateClause { collname: parts(node), ..Default::default() });
    let collation = session.collation(clause.as_ref(), subtype_id.as_ref(), &subtype.0);
    needs.extend(session.needs_collation(collation.as_ref())?);
    let multirange = match named("multirange_type_name") {
        Some(given) => session.new_name(given.schema.as_deref().unwrap_or_default(), &given.name)?,
        None => QName { schema: name.schema.clone(), name: multirange_name(&name.name) },
    };
    let opclass = named("subtype_opclass").map(|given| QName::new(given.schema.as_deref().unwrap_or("pg_catalog"), given.name.as_str()));
    let object = Range {
        opclass: opclass.filter(|opclass| !is_default_opclass(subtype_name, opclass)),
        collation,
        subtype,
        canonical,
        subtype_diff,
        multirange,
    };
    let id = ObjectId::in_schema(Kind::Range, name);
    needs.extend(object.other_schema(&id));
    if let Some(shell) = shell {
        define(&shell, &id, session)?;
    }
    if object.canonical.is_some() {
        session.add(RangeShell::id(&id), RangeShell::entry(&id))?;
    }
    session.add(id, Entry::new(object, None).needing(needs))
}

/// The names that an option's value holds.
fn parts(node: &Node) -> Vec<Node> {
    match &node.node {
        Some(NodeEnum::TypeName(name)) => name.names.clone(),
        Some(NodeEnum::List(list)) => list.items.clone(),
        _ => vec![node.clone()],
    }
}

/// A function of the catalog, which is needed, or one of `pg_catalog`.
fn find_function(given: &Name, arguments: &[String], needs: &mut Vec<ObjectId>, session: &Session) -> Result<QName, DdlError> {
    let schema = given.schema.as_deref().unwrap_or_default();
    for candidate in session.candidates(schema, &given.name) {
        let id = ObjectId::new(Kind::Function, Key::Routine(candidate.clone(), arguments.to_vec()));
        if session.catalog.contains(&id) {
            needs.push(id);
            return Ok(candidate);
        }
    }
    if matches!(schema, "" | "pg_catalog") && crate::sql::is_builtin_function(&given.name) {
        return Ok(QName::new("pg_catalog", given.name.as_str()));
    }
    Err(DdlError::Missing { what: "function", name: format!("{}({})", dotted(schema, &given.name), arguments.join(", ")) })
}

/// `makeMultirangeTypeName` in src/backend/catalog/pg_type.c: `range` in the name becomes `multirange`.
fn multirange_name(range: &Ident) -> Ident {
    match range.as_str().split_once("range") {
        Some((before, after)) => Ident::new(&format!("{before}multirange{after}")),
        None => aside::shortened(range, "_multirange"),
    }
}

/// Operator classes that are the default of a type have its name, but for a few that share one.
fn is_default_opclass(subtype: &protobuf::TypeName, opclass: &QName) -> bool {
    let Some(Name { name, .. }) = Name::of(&subtype.names) else { return false };
    let own = match name.as_str() {
        "varchar" => "text",
        "cidr" => "inet",
        other => other,
    };
    opclass.schema.as_str() == "pg_catalog" && opclass.name.as_str() == format!("{own}_ops")
}

impl ObjectDef for Range {
    const KIND: Kind = Kind::Range;
    const QUERY: &'static str = include_str!("range.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_range", "rngtypid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self {
            subtype: row.type_name("subtype")?,
            opclass: row.opt_qname("opclass_schema", "opcname")?,
            collation: row.opt_qname("collation_schema", "collname")?,
            canonical: row.opt_qname("canonical_schema", "canonical_name")?,
            subtype_diff: row.opt_qname("subtype_diff_schema", "subtype_diff_name")?,
            multirange: row.qname("multirange_schema", "multirange_name")?,
        };
        let id = ObjectId::in_schema(Kind::Range, row.qname("nspname", "typname")?);
        let needs = object.other_schema(&id).into_iter().collect();
        Ok(Some(Found { needs, ..Found::new(id, object) }))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { subtype, opclass, collation, canonical, subtype_diff, multirange } = self;
        let named = [
            ("SUBTYPE_OPCLASS", opclass.as_ref()),
            ("COLLATION", collation.as_ref()),
            ("CANONICAL", canonical.as_ref()),
            ("SUBTYPE_DIFF", subtype_diff.as_ref()),
            ("MULTIRANGE_TYPE_NAME", Some(multirange)),
        ];
        let mut options = vec![format!("SUBTYPE = {subtype}")];
        options.extend(named.into_iter().filter_map(|(option, value)| Some(format!("{option} = {}", value?))));
        let name = id.spelled();
        vec![Step::new(format!("CREATE TYPE {name} AS RANGE ({})", options.join(", ")), format!("create range {name}"))]
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        vec![Step::new(format!("DROP TYPE {}{}", id.spelled(), along(id, cx)), format!("drop range {}", id.spelled()))]
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let held = typing::is_held(cx.from, id);
        if held { pair.from.swap(id, cx) } else { Change::Replace }
    }

    fn rebind(id: &ObjectId, pair: Pair<&Self>, rebuilt: &ObjectId, cx: &Cx<'_>) -> Option<Change> {
        let is_own = rebuilt.kind == Kind::RangeShell || range_shell::canonical(id, cx.from).as_ref() == Some(rebuilt);
        let swapped = typing::is_swapped(rebuilt.kind) || is_own;
        (swapped && typing::is_held(cx.from, id)).then(|| pair.from.swap(id, cx))
    }

    fn withstands(&self, _: &ObjectId, _: &ObjectId) -> bool {
        true
    }

    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, id: &ObjectId) -> Vec<Slot> {
        id.qname().into_iter().chain([&self.multirange]).map(|name| Slot::Type(name.clone())).collect()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        Vec::new()
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        rename::follow(Kind::Collation, &mut self.collation, from, to);
        typing::rename_type(&mut self.subtype, from, to);
        let Some((old, new)) = from.qname().zip(to.qname()) else { return };
        for function in [&mut self.canonical, &mut self.subtype_diff].into_iter().flatten() {
            if matches!(from.key, Key::Routine(..)) && function == old {
                *function = new.clone();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiranges_are_named_like_the_server_does() {
        for (range, multirange) in [("floatrange", "floatmultirange"), ("rangerange", "multirangerange"), ("r", "r_multirange")] {
            assert_eq!(multirange_name(&Ident::new(range)).as_str(), multirange);
        }
    }
}
