//! Primary keys and unique constraints whose index is there before they are: built while others write, or found.

use std::mem::discriminant;

use super::{Constraint, Definition, IndexTraits, KeyConstraint, ddl};
use crate::model::{Entry, Hazard, Ident, LockMode, ObjectId, Pair, QName, Step, Transaction, name_list};
use crate::object::index::element::{IndexElement, Indexed};
use crate::object::index::{Index, behind_elements, partition, swap};
use crate::object::{Change, Cx, Kind, Object, aside, family};

/// The statements that make one on a table that may be busy.
pub fn online(constraint: &Constraint, key: &KeyConstraint, table: &QName, name: &Ident, cx: &Cx<'_>) -> Option<Vec<Step>> {
    if !can_use_index(constraint, key, table, cx) {
        return None;
    }
    Some(match taken(&Constraint::named_id(table, name), cx) {
        Some(index) => vec![using_index(constraint, table, name, index.name()?)],
        None => using_new_index(constraint, key, table, name, name).into(),
    })
}

/// Another definition under the same name: the old one holds until the index of the new one is built. Whatever needs it, and what is said of
/// it, would go with it.
pub fn change(pair: Pair<&Constraint>, table: &QName, name: &Ident, cx: &Cx<'_>) -> Option<Change> {
    let key = key_of(pair.to).filter(|_| discriminant(&pair.from.definition) == discriminant(&pair.to.definition))?;
    let id = Constraint::named_id(table, name);
    let is_alone = |entry: &Entry| entry.auto.is_none();
    let has_parts = [cx.from, cx.to].iter().any(|catalog| catalog.children(&id).next().is_some());
    let is_needed = is_needed(&id, cx);
    if !can_use_index(pair.to, key, table, cx) || has_parts || is_needed || ![cx.from, cx.to].iter().all(|all| all.get(&id).is_some_and(is_alone)) {
        return None;
    }
    let own = QName::new(table.schema.clone(), name.clone());
    let index = aside::free(&own, aside::NEW, |candidate| swap::is_taken(candidate, table, cx));
    let [build, add] = using_new_index(pair.to, key, table, name, &index.name);
    let mut steps = vec![build, ddl::drop(&pair.from.definition, table, name, cx), add];
    steps.extend(ddl::flags(None, &key.index, table, name, true));
    Some(Change::InPlace(steps))
}

/// What a partition has because its parent has it is there by then, under the name that PostgreSQL chooses.
pub fn of_parent(constraint: &Constraint, table: &QName, name: &Ident, cx: &Cx<'_>) -> Vec<Step> {
    let id = Constraint::named_id(table, name);
    let taken = |candidate: &Ident| {
        let index = QName::new(table.schema.clone(), candidate.clone());
        candidate != name && (cx.to.relation(&index).is_some() || cx.to.constraints_named(&index).any(|other| *other != id))
    };
    let chosen = partition::copied_name(table, &constraint.definition, taken);
    let renamed = (chosen != *name).then(|| ddl::rename(&Constraint::named_id(table, &chosen), name));
    let flags = constraint.definition.index().map(|index| ddl::flags(None, index, table, name, family::stays(table, cx)));
    renamed.flatten().into_iter().chain(flags.into_iter().flatten()).collect()
}

fn key_of(constraint: &Constraint) -> Option<&KeyConstraint> {
    match &constraint.definition {
        Definition::PrimaryKey(key) | Definition::Unique(key) => Some(key),
        _ => None,
    }
}

fn can_use_index(constraint: &Constraint, key: &KeyConstraint, table: &QName, cx: &Cx<'_>) -> bool {
    cx.online
        && family::stays(table, cx)
        && !key.without_overlaps
        && !family::is_partitioned(table, cx.to)
        && !makes_local(constraint, key, table, cx)
}

/// The unique index that goes and that a new key takes for its own.
fn taken(key: &ObjectId, cx: &Cx<'_>) -> Option<ObjectId> {
    let index = index_for(key, cx)?;
    (key_for(&index, cx).as_ref() == Some(key)).then_some(index)
}

/// Whether a new key takes an index that goes.
pub fn takes(index: &ObjectId, cx: &Cx<'_>) -> bool {
    key_for(index, cx).and_then(|key| index_for(&key, cx)).as_ref() == Some(index)
}

/// The first of the indexes that a new key could take: one of its name, else by name.
fn index_for(key: &ObjectId, cx: &Cx<'_>) -> Option<ObjectId> {
    let Some(Object::Constraint(constraint)) = cx.to.object(key).filter(|_| !cx.from.contains(key)) else { return None };
    let table = key.qname()?;
    let fitting = gone_indexes(table, cx).filter(|(_, index)| fits(constraint, index, table, cx));
    fitting.map(|(id, _)| id).min_by_key(|index| (index.name() != key.name(), *index)).cloned()
}

/// The first of the new keys that could take an index that goes.
fn key_for(id: &ObjectId, cx: &Cx<'_>) -> Option<ObjectId> {
    let Some(Object::Index(index)) = cx.from.object(id).filter(|_| cx.online && !cx.to.contains(id)) else { return None };
    if !index.unique || cx.from.children(id).next().is_some() {
        return None;
    }
    let fits = |(key, entry): &(&ObjectId, &Entry)| match &entry.object {
        Object::Constraint(constraint) => !cx.from.contains(key) && fits(constraint, index, &index.relation, cx),
        _ => false,
    };
    cx.to.children_of(&family::table(&index.relation), Kind::Constraint).filter(fits).map(|(key, _)| key).min_by_key(|key| (key.name() != id.name(), *key)).cloned()
}

fn gone_indexes<'a>(table: &QName, cx: &Cx<'a>) -> impl Iterator<Item = (&'a ObjectId, &'a Index)> {
    let (from, to) = (cx.from, cx.to);
    let indexes = from.children_of(&family::table(table), Kind::Index).collect::<Vec<_>>();
    indexes.into_iter().filter(|(id, _)| !to.contains(id)).filter_map(|(id, entry)| match &entry.object {
        Object::Index(index) => Some((id, &**index)),
        _ => None,
    })
}

/// Whether something needs a key or an index, or will: a foreign key that is made while the old one is there may take that for its own.
pub fn is_needed(id: &ObjectId, cx: &Cx<'_>) -> bool {
    [cx.from, cx.to].iter().any(|catalog| catalog.dependents().of(id).next().is_some())
}

/// Whether the key's index is just like that one (`index_constraint_create` and `transformIndexConstraint` say what it has to be: a valid one
/// over plain columns in the default order, and without what a constraint's own would not have).
fn fits(constraint: &Constraint, index: &Index, table: &QName, cx: &Cx<'_>) -> bool {
    let Some(key) = key_of(constraint) else { return false };
    let Index {
        relation: _,
        unique,
        method,
        elements,
        include,
        nulls_not_distinct,
        predicate,
        options,
        tablespace,
        statistics,
        replica_identity: _,
        clustered: _,
        partitioned,
        valid,
    } = index;
    let is_column = |(element, name): (&IndexElement, &Ident)| *element == IndexElement::column(name.clone());
    let stay = |element: &IndexElement| match &element.indexed {
        Indexed::Column(name) => cx.stays(&ObjectId::on(Kind::Column, table.clone(), name.clone())),
        Indexed::Expression(_) => false,
    };
    can_use_index(constraint, key, table, cx)
        && *unique
        && *valid
        && !partitioned
        && method.as_str() == "btree"
        && predicate.is_none()
        && statistics.is_empty()
        && elements.len() == key.columns.len()
        && elements.iter().zip(&key.columns).all(is_column)
        && elements.iter().all(stay)
        && *nulls_not_distinct == key.nulls_not_distinct
        && (include, options, tablespace) == (&key.index.include, &key.index.options, &key.index.tablespace)
}

/// From 18 on PRIMARY KEY USING INDEX makes NOT NULL constraints that the columns inherit the table's own (`conislocal`), so that they
/// would not go with the parent's any more.
fn makes_local(constraint: &Constraint, key: &KeyConstraint, table: &QName, cx: &Cx<'_>) -> bool {
    let inherits = |column| cx.to.object(&Constraint::not_null_id(table, column)).is_some_and(Object::inherited);
    matches!(constraint.definition, Definition::PrimaryKey(_)) && cx.major() >= 18 && key.columns.iter().any(inherits)
}

/// A unique index built while others write, then made a constraint.
fn using_new_index(constraint: &Constraint, key: &KeyConstraint, table: &QName, name: &Ident, index: &Ident) -> [Step; 2] {
    let KeyConstraint { columns, nulls_not_distinct, without_overlaps: _, index: traits } = key;
    let IndexTraits { include, options, tablespace, replica_identity: _, clustered: _ } = traits;
    let behind = behind_elements(include, *nulls_not_distinct, options, tablespace.as_ref());
    let sql = format!("CREATE UNIQUE INDEX CONCURRENTLY {index} ON {table} ({}){behind}", name_list(columns));
    let build = Step::new(sql, format!("build the index of {name} on {table}"))
        .lock(table, LockMode::ShareUpdateExclusive)
        .scan(table)
        .hazard(Hazard::Assumes(format!("the rows of {table} do not conflict with each other in {name}")))
        .transaction(Transaction::None);
    [build, using_index(constraint, table, name, index)]
}

/// The index takes the name of the constraint.
fn using_index(constraint: &Constraint, table: &QName, name: &Ident, index: &Ident) -> Step {
    let word = if matches!(constraint.definition, Definition::PrimaryKey(_)) { "PRIMARY KEY" } else { "UNIQUE" };
    let sql = format!("ALTER TABLE {table} ADD CONSTRAINT {name} {word} USING INDEX {index}{}", constraint.deferrability());
    Step::new(sql, format!("add key {name} to {table}")).lock(table, LockMode::AccessExclusive)
}

