//! What the kinds of types share: who holds values of a type, and how a type is put aside while a new one takes its name.

use std::collections::BTreeSet;

use pg_query::protobuf;

use super::session::dotted;
use super::{DdlError, Kind, Object, Session, aside};
use crate::model::{Catalog, Hazard, LockMode, ObjectId, QName, Step, TypeName};
use crate::sql::Name;

/// Whether columns or other types are made of the type, so that it must be swapped and cannot just be dropped.
pub fn is_held(catalog: &Catalog, id: &ObjectId) -> bool {
    holders(catalog, id).any(|(holder, _)| holder.kind != Kind::MaterializedView)
}

/// Whether objects of the kind are swapped where something holds them, so that what needs them can be pointed to the new one.
pub const fn is_swapped(kind: Kind) -> bool {
    matches!(kind, Kind::Enum | Kind::Composite | Kind::Domain | Kind::Range | Kind::Collation)
}

/// Tables and materialized views that store values of the type, be it within other types
/// (`find_composite_type_dependencies` in src/backend/commands/tablecmds.c).
pub fn relations_holding(catalog: &Catalog, id: &ObjectId) -> BTreeSet<QName> {
    columns_holding(catalog, id).iter().filter_map(ObjectId::qname).cloned().collect()
}

/// The columns of these tables, and the materialized views.
pub fn columns_holding(catalog: &Catalog, id: &ObjectId) -> BTreeSet<ObjectId> {
    let mut holding = holding(catalog, id);
    holding.retain(|holder| matches!(holder.kind, Kind::Column | Kind::MaterializedView));
    holding
}

/// Whatever holds values of the type, be it within other types: columns, attributes, types, materialized views.
pub fn holding(catalog: &Catalog, id: &ObjectId) -> BTreeSet<ObjectId> {
    let mut holding = BTreeSet::new();
    let mut seen = BTreeSet::from([id.clone()]);
    let mut open = vec![id.clone()];
    while let Some(next) = open.pop() {
        for (holder, parent) in holders(catalog, &next) {
            holding.insert(holder.clone());
            let held = match holder.kind {
                Kind::Column | Kind::MaterializedView => continue,
                Kind::Attribute => parent,
                _ => Some(holder),
            };
            if let Some(held) = held
                && seen.insert(held.clone())
            {
                open.push(held.clone());
            }
        }
    }
    holding
}

/// Whether tables store values of a domain within others (arrays, rows, ranges), where PostgreSQL cannot look at them to add a constraint
/// (`get_rels_with_domain` in src/backend/commands/typecmds.c).
pub fn is_held_within(catalog: &Catalog, domain: &ObjectId) -> bool {
    let stored = |held: &ObjectId| !relations_holding(catalog, held).is_empty();
    holders(catalog, domain).any(|(holder, parent)| match catalog.object(holder) {
        Some(Object::Column(column)) => column.type_name.0.ends_with(']'),
        Some(Object::Domain(above)) if !above.base.0.ends_with(']') => is_held_within(catalog, holder),
        Some(Object::Attribute(_)) => parent.is_some_and(stored),
        Some(Object::Domain(_) | Object::Range(_)) => stored(holder),
        _ => false,
    })
}

/// What holds values of the type, with what it is a part of.
fn holders<'a>(catalog: &'a Catalog, id: &ObjectId) -> impl Iterator<Item = (&'a ObjectId, Option<&'a ObjectId>)> {
    const HOLDERS: [Kind; 5] = [Kind::Column, Kind::MaterializedView, Kind::Attribute, Kind::Domain, Kind::Range];
    let users = catalog.dependents().of(id).filter(|user| HOLDERS.contains(&user.kind));
    users.filter_map(|user| Some((user, catalog.get(user)?.parent.as_ref()))).filter(move |(_, parent)| *parent != Some(id))
}

/// `CREATE TABLE .. OF` the composite type.
pub fn typed_tables(catalog: &Catalog, composite: &QName) -> BTreeSet<QName> {
    catalog
        .of_kind(Kind::Table)
        .filter(|(_, entry)| matches!(&entry.object, Object::Table(table) if table.of_type.as_ref() == Some(composite)))
        .filter_map(|(id, _)| id.qname().cloned())
        .collect()
}

/// The name under which a type waits for its end.
pub fn aside(catalogs: [&Catalog; 2], name: &QName) -> QName {
    let taken = |name: &QName| catalogs.iter().any(|catalog| catalog.type_named(name).or_else(|| catalog.relation(name)).is_some());
    aside::free(name, aside::OLD, taken)
}

/// The facts of a statement that reads all tables with values of a type while their writers wait (`validateDomainCheckConstraint`
/// in src/backend/commands/typecmds.c takes ShareLock).
pub fn reading(mut step: Step, relations: &BTreeSet<QName>) -> Step {
    for relation in relations {
        step = step
            .lock(relation, LockMode::Share)
            .scan(relation)
            .hazard(Hazard::Blocks(format!("writers of {relation} wait while all its rows are checked")));
    }
    step
}

/// ` COLLATE ..`, or nothing.
pub fn collate(collation: Option<&QName>) -> String {
    collation.map(|name| format!(" COLLATE {name}")).unwrap_or_default()
}

/// Follows the rename of a type in the spelling of one: the name itself, with modifiers or brackets behind it.
pub fn rename_type(type_name: &mut TypeName, from: &ObjectId, to: &ObjectId) {
    if Kind::TYPES.contains(&from.kind)
        && let Some(rest) = type_name.0.strip_prefix(&from.spelled())
        && (rest.is_empty() || rest.starts_with(['(', '[']))
    {
        type_name.0 = format!("{}{rest}", to.spelled());
    }
}

/// A name in a statement that creates a type.
///
/// # Errors
/// Where there is no schema for it, or another type has it.
pub fn new_type(parts: &[protobuf::Node], session: &Session) -> Result<QName, DdlError> {
    let Some(Name { schema, name }) = Name::of(parts) else { return Err(DdlError::Invalid("a type must have a name".to_owned())) };
    let name = session.new_name(schema.as_deref().unwrap_or_default(), &name)?;
    if session.catalog.type_named(&name).is_some() { Err(DdlError::Exists(format!("type {name}"))) } else { Ok(name) }
}

/// The type of one of these kinds that a statement names.
///
/// # Errors
/// Where there is none, or it is of another kind.
pub fn type_of(parts: &[protobuf::Node], kind: Kind, session: &Session) -> Result<ObjectId, DdlError> {
    let Some(Name { schema, name }) = Name::of(parts) else { return Err(DdlError::Invalid("a type must have a name".to_owned())) };
    let schema = schema.as_deref().unwrap_or_default();
    let id = session.find_type(schema, &name).ok_or_else(|| DdlError::Missing { what: "type", name: dotted(schema, &name) })?;
    if id.kind == kind { Ok(id) } else { Err(DdlError::Invalid(format!("{} is not {}", id.spelled(), article(kind)))) }
}

const fn article(kind: Kind) -> &'static str {
    match kind {
        Kind::Enum => "an enum",
        Kind::Domain => "a domain",
        Kind::Composite => "a composite type",
        Kind::BaseType => "a base type",
        _ => "a range type",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Entry;
    use crate::object::enum_type::EnumType;

    #[test]
    fn names_aside_are_those_of_no_type() {
        let mut catalog = Catalog::empty(18);
        let name = QName::new("s", "mood");
        let other = QName::new("s", "mood__trueup_old");
        assert_eq!(aside([&catalog, &catalog], &name), other);
        catalog.insert(ObjectId::in_schema(Kind::Enum, other), Entry::new(EnumType { labels: Vec::new() }, None));
        assert_eq!(aside([&catalog, &catalog], &name).name.as_str(), "mood__trueup_old1");
    }
}
