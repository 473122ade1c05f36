//! Indexes of partitioned tables: what their partitions must have, and what attaches to what.

use std::collections::BTreeSet;

use super::element::IndexElement;
use super::{Index, name};
use crate::model::{Catalog, Entry, Expr, Ident, ObjectId, QName};
use crate::object::constraint::{Constraint, Definition};
use crate::object::index_attachment::IndexAttachment;
use crate::object::inheritance::{self, Inheritance};
use crate::object::{Cx, DdlError, Kind, Object, Session, family};

/// What two indexes must have in common so that one can be attached to the other (`CompareIndexInfo` in
/// src/backend/catalog/index.c).
#[derive(PartialEq)]
struct Shape {
    unique: bool,
    method: Ident,
    elements: Vec<IndexElement>,
    include: Vec<Ident>,
    nulls_not_distinct: bool,
    predicate: Option<Expr>,
    operators: Vec<QName>,
}

fn shape(object: &Object) -> Option<Shape> {
    match object {
        Object::Index(index) => Some(Shape {
            unique: index.unique,
            method: index.method.clone(),
            elements: index.elements.clone(),
            include: index.include.clone(),
            nulls_not_distinct: index.nulls_not_distinct,
            predicate: index.predicate.clone(),
            operators: Vec::new(),
        }),
        Object::Constraint(Constraint { definition: Definition::PrimaryKey(key) | Definition::Unique(key), .. }) => Some(Shape {
            unique: true,
            method: Ident::new(if key.without_overlaps { "gist" } else { "btree" }),
            elements: key.columns.iter().cloned().map(IndexElement::column).collect(),
            include: key.index.include.clone(),
            nulls_not_distinct: key.nulls_not_distinct,
            predicate: None,
            operators: Vec::new(),
        }),
        Object::Constraint(Constraint { definition: Definition::Exclude(exclude), .. }) => Some(Shape {
            unique: false,
            method: exclude.method.clone(),
            elements: exclude.elements.iter().map(|each| each.element.clone()).collect(),
            include: exclude.index.include.clone(),
            nulls_not_distinct: false,
            predicate: exclude.predicate.clone(),
            operators: exclude.elements.iter().map(|each| each.operator.clone()).collect(),
        }),
        _ => None,
    }
}

/// The indexes of partitions that are attached to one.
pub fn attached_to(index: &ObjectId, catalog: &Catalog) -> Vec<ObjectId> {
    let Some(table) = catalog.get(index).and_then(|entry| entry.parent.as_ref()).and_then(ObjectId::qname) else { return Vec::new() };
    let all = partitions(table, catalog).into_iter().flat_map(|partition| indexes(&partition, catalog));
    all.filter(|id| catalog.get(id).is_some_and(|entry| entry.auto.as_ref() == Some(index))).collect()
}

/// The constraints of partitions that go with an index of the partitioned table, by CASCADE alone: a plain index does so by itself, but a
/// constraint only where the one above is a constraint's too (`IndexSetParentIndex` and `ConstraintSetParentConstraint`).
pub fn constraints_going_with(index: &ObjectId, cx: &Cx<'_>) -> Vec<ObjectId> {
    let is_left = |child: &ObjectId| {
        let ends = [child, index].map(|end| cx.from.get(end).and_then(|entry| entry.parent.as_ref()));
        let [Some(partition), Some(table)] = ends else { return false };
        ObjectId::link_between(partition, table).is_some_and(|link| !cx.stays(&link))
    };
    let below = attached_to(index, cx.from).into_iter().filter(|child| !cx.stays(child) && !is_left(child));
    below.flat_map(|child| if child.kind == Kind::Constraint { vec![child] } else { constraints_going_with(&child, cx) }).collect()
}

/// Whether the index of a partition can be attached: a constraint's only to a constraint's of the same kind.
fn fits(child: &Object, parent: &Object) -> bool {
    let same_constraint = match (child, parent) {
        (Object::Constraint(child), Object::Constraint(parent)) => {
            std::mem::discriminant(&child.definition) == std::mem::discriminant(&parent.definition)
        }
        (_, Object::Constraint(_)) => false,
        _ => true,
    };
    same_constraint && !is_by_operators(parent) && shape(child) == shape(parent)
}

/// Whether the index tells conflicts by operators: PostgreSQL does not compare such ones, and calls no two the same (`CompareIndexInfo`).
pub fn excludes(definition: &Definition) -> bool {
    match definition {
        Definition::PrimaryKey(key) | Definition::Unique(key) => key.without_overlaps,
        definition => matches!(definition, Definition::Exclude(_)),
    }
}

fn is_by_operators(object: &Object) -> bool {
    matches!(object, Object::Constraint(constraint) if excludes(&constraint.definition))
}

/// Whether a partition's constraint came by a statement on what is above it, as it must where it tells conflicts by operators: no statement
/// attaches such a one.
pub fn comes_from_above(entry: &Entry) -> bool {
    entry.auto.is_some() && is_by_operators(&entry.object)
}

/// The name of the index itself.
pub fn index_name(id: &ObjectId) -> Option<QName> {
    let schema = id.schema()?.clone();
    Some(QName { schema, name: id.name()?.clone() })
}

/// Indexes and constraints with indexes of a table.
pub fn indexes(table: &QName, catalog: &Catalog) -> Vec<ObjectId> {
    let table = family::table(table);
    let constraints = catalog.children_of(&table, Kind::Constraint).filter(|(_, entry)| shape(&entry.object).is_some());
    constraints.chain(catalog.children_of(&table, Kind::Index)).map(|(id, _)| id.clone()).collect()
}

/// The tables directly below a partitioned one.
fn partitions(table: &QName, catalog: &Catalog) -> Vec<QName> {
    let links = inheritance::children(catalog, table);
    links.into_iter().filter(|(_, link)| link.bound.is_some()).map(|(_, link)| link.child.clone()).collect()
}

/// Indexes that a partition and its parent have without being attached, though ATTACH PARTITION would attach or even make one, each with
/// the link that must be there before it.
pub fn unattached(catalog: &Catalog) -> Vec<(ObjectId, ObjectId)> {
    let mut found = Vec::new();
    let parent_of = |index: &ObjectId| catalog.get(index).and_then(|entry| entry.auto.as_ref());
    for (id, link) in catalog.of_kind(Kind::Inheritance) {
        let Object::Inheritance(inheritance) = &link.object else { continue };
        if inheritance.bound.is_none() || family::is_foreign(&inheritance.child, catalog) {
            continue;
        }
        let (above, below) = (indexes(&inheritance.parent, catalog), indexes(&inheritance.child, catalog));
        let fits_any = |child: &Object| above.iter().filter_map(|index| catalog.object(index)).any(|parent| fits(child, parent));
        let free = below.iter().filter(|index| parent_of(index).is_none() && catalog.object(index).is_some_and(fits_any));
        let bare = above.iter().filter(|index| !below.iter().any(|child| parent_of(child) == Some(*index)));
        found.extend(free.chain(bare).map(|index| (index.clone(), id.clone())));
    }
    found
}

/// Indexes that a table has before it comes under a partitioned one, and that ATTACH PARTITION would attach though none of them shall be.
pub fn taken_by(link: &ObjectId, cx: &Cx<'_>) -> Vec<ObjectId> {
    let Some(Object::Inheritance(wanted)) = cx.to.object(link) else { return Vec::new() };
    let stays = matches!(cx.from.object(link), Some(Object::Inheritance(present)) if present.bound == wanted.bound);
    let is_free = |index: &ObjectId| cx.to.get(index).is_none_or(|entry| entry.auto.is_none());
    if wanted.bound.is_none() || stays && cx.stays(link) {
        return Vec::new();
    }
    let present: Vec<ObjectId> = indexes(&wanted.child, cx.from).into_iter().filter(is_free).collect();
    let comes_later = |index: &ObjectId| !cx.stays(index) && cx.to.get(index).is_some_and(|entry| entry.wants.contains(link));
    let above: Vec<ObjectId> = indexes(&wanted.parent, cx.to).into_iter().filter(|index| !comes_later(index)).collect();
    let fits_any = |child: &Object| above.iter().filter_map(|index| cx.to.object(index)).any(|parent| fits(child, parent));
    let taken = present.into_iter().filter(|index| cx.from.object(index).is_some_and(fits_any));
    taken.chain(made_again(wanted, cx)).collect()
}

/// What a partition has before, be it left by DETACH PARTITION, and ATTACH PARTITION makes once more.
fn made_again(link: &Inheritance, cx: &Cx<'_>) -> Vec<ObjectId> {
    let mut found = indexes(&link.child, cx.from);
    found.retain(|index| cx.to.get(index).is_some_and(comes_from_above));
    found
}

/// Gives every partition an index like this one of their parent's.
///
/// # Errors
/// Where a name is taken.
pub fn hand_down(parent: &ObjectId, session: &mut Session) -> Result<(), DdlError> {
    let Some(table) = parent_table(parent, session) else { return Ok(()) };
    partitions(&table, &session.catalog).iter().try_for_each(|partition| ensure(partition, parent, session))
}

fn parent_table(id: &ObjectId, session: &Session) -> Option<QName> {
    session.catalog.get(id)?.parent.as_ref()?.qname().cloned()
}

/// Attaches an index of the partition that fits, or makes one (`AttachPartitionEnsureIndexes`).
///
/// # Errors
/// Where a name is taken.
pub fn ensure(partition: &QName, parent: &ObjectId, session: &mut Session) -> Result<(), DdlError> {
    let Some(wanted) = session.catalog.get(parent).cloned() else { return Ok(()) };
    let free = |id: &ObjectId| {
        session.catalog.get(id).is_some_and(|entry| entry.auto.is_none() && fits(&entry.object, &wanted.object))
    };
    // DefineIndex and AttachPartitionEnsureIndexes pass by foreign tables.
    if family::is_foreign(partition, &session.catalog) {
        return Ok(());
    }
    let found = indexes(partition, &session.catalog).into_iter().find(free);
    let child = match found {
        Some(child) => child,
        None => {
            let child = clone(partition, &wanted, session)?;
            if family::is_partitioned(partition, &session.catalog) {
                hand_down(&child, session)?;
            }
            child
        }
    };
    attach(&child, parent, session);
    Ok(())
}

/// A copy of an index for another table, under the name that PostgreSQL chooses (`generateClonedIndexStmt`).
///
/// # Errors
/// Where the name is taken.
pub fn clone(table: &QName, original: &Entry, session: &mut Session) -> Result<ObjectId, DdlError> {
    let (id, object) = match &original.object {
        Object::Index(index) => {
            let names = name::column_names(&index.elements, &index.include);
            let name = name::choose(table, Some(&names), "idx", false, session);
            let partitioned = family::is_partitioned(table, &session.catalog);
            let copy = Index {
                relation: table.clone(),
                statistics: std::collections::BTreeMap::new(),
                replica_identity: false,
                clustered: false,
                partitioned,
                valid: true,
                ..(**index).clone()
            };
            (ObjectId::in_schema(Kind::Index, QName { schema: table.schema.clone(), name }), Object::from(copy))
        }
        Object::Constraint(constraint) => {
            let mut copy = constraint.clone();
            if let Some(index) = copy.definition.index_mut() {
                index.replica_identity = false;
                index.clustered = false;
            }
            let (columns, label) = copied_columns(&copy.definition);
            let name = name::choose(table, columns.as_deref(), label, true, session);
            (Constraint::named_id(table, &name), Object::from(copy))
        }
        _ => return Err(DdlError::Unsupported("a copy of what is no index".to_owned())),
    };
    let mut entry = Entry::new(object, Some(family::table(table))).needing(moved_needs(original, table));
    entry.wants = original.wants.iter().filter(|want| Some(*want) != original.auto.as_ref()).cloned().collect();
    session.add(id.clone(), entry)?;
    Ok(id)
}

/// The name that PostgreSQL chooses for a constraint with an index.
pub fn key_name(table: &QName, definition: &Definition, session: &Session) -> Ident {
    let (columns, label) = key_columns(definition);
    name::choose(table, columns.as_deref(), label, true, session)
}

/// The same in an empty schema.
pub fn first_key_name(table: &QName, definition: &Definition) -> Ident {
    let (columns, label) = key_columns(definition);
    Session::choose_name(table.name.as_str(), columns.as_deref().map(name::addition).as_deref(), label, |_| false)
}

/// The name that PostgreSQL chooses for what a partition gets because its parent has it.
pub fn copied_name(table: &QName, definition: &Definition, taken: impl Fn(&Ident) -> bool) -> Ident {
    let (columns, label) = copied_columns(definition);
    Session::choose_name(table.name.as_str(), columns.as_deref().map(name::addition).as_deref(), label, taken)
}

/// The copy of a UNIQUE WITHOUT OVERLAPS is made by its operators, and called after them (`ChooseIndexName`).
fn copied_columns(definition: &Definition) -> (Option<Vec<String>>, &'static str) {
    let (columns, label) = key_columns(definition);
    (columns, if label == "key" && excludes(definition) { "excl" } else { label })
}

/// The columns that the name of a constraint's index tells, and its label.
fn key_columns(definition: &Definition) -> (Option<Vec<String>>, &'static str) {
    match definition {
        Definition::Exclude(exclude) => {
            let elements: Vec<IndexElement> = exclude.elements.iter().map(|each| each.element.clone()).collect();
            (Some(name::column_names(&elements, &exclude.index.include)), "excl")
        }
        Definition::Unique(key) => {
            let elements: Vec<IndexElement> = key.columns.iter().cloned().map(IndexElement::column).collect();
            (Some(name::column_names(&elements, &key.index.include)), "key")
        }
        Definition::PrimaryKey(_) | Definition::Check(_) | Definition::ForeignKey(_) | Definition::NotNull { .. } => (None, "pkey"),
    }
}

/// What a part of one table needs, for its copy on another: the other table's columns.
pub fn moved_needs(original: &Entry, table: &QName) -> BTreeSet<ObjectId> {
    let from = original.parent.as_ref().and_then(ObjectId::qname);
    let moved = |need: &ObjectId| if need.qname() == from { need.moved_to(table) } else { need.clone() };
    let stays = |need: &&ObjectId| Some(*need) != original.parent.as_ref() && Some(*need) != original.auto.as_ref();
    original.needs.iter().filter(stays).map(moved).collect()
}

/// ALTER INDEX .. ATTACH PARTITION.
pub fn attach(child: &ObjectId, parent: &ObjectId, session: &mut Session) {
    let (Some(index), Some(above)) = (index_name(child), index_name(parent)) else { return };
    let id = ObjectId::of(Kind::IndexAttachment, child.clone());
    let entry = Entry::new(IndexAttachment { index, parent: above }, Some(child.clone())).needing([parent.clone()]);
    session.catalog.insert(id, entry);
    if let Some(entry) = session.catalog.get_mut(child) {
        entry.auto = Some(parent.clone());
        entry.wants.insert(parent.clone());
    }
}

/// DETACH PARTITION: the index stands alone again.
pub fn detach(child: &ObjectId, session: &mut Session) {
    session.catalog.remove(&ObjectId::of(Kind::IndexAttachment, child.clone()));
    if let Some(entry) = session.catalog.get_mut(child)
        && let Some(parent) = entry.auto.take()
    {
        entry.wants.remove(&parent);
    }
}

/// `validatePartitionedIndex`: an index of a partitioned table is valid once every partition has a valid one attached.
pub fn refresh_validity(id: &ObjectId, session: &mut Session) {
    let Some(Object::Index(index)) = session.catalog.object(id) else { return };
    let Index { relation, partitioned: true, .. } = &**index else { return };
    let has = |partition: &QName| {
        indexes(partition, &session.catalog).iter().filter_map(|index| session.catalog.get(index)).any(|entry| {
            entry.auto.as_ref() == Some(id) && !matches!(&entry.object, Object::Index(index) if !index.valid)
        })
    };
    let all = partitions(relation, &session.catalog).iter().filter(|name| !family::is_foreign(name, &session.catalog)).all(has);
    if let Some(Object::Index(index)) = session.catalog.get_mut(id).map(|entry| &mut entry.object) {
        index.valid = all;
    }
    if let Some(above) = session.catalog.get(id).and_then(|entry| entry.auto.clone()) {
        refresh_validity(&above, session);
    }
}
