//! The name of a NOT NULL that a parent passes on too, from PostgreSQL 18 on: no statement on the child changes it ("cannot rename inherited
//! constraint", rename_constraint_internal of src/backend/commands/tablecmds.c). RENAME CONSTRAINT on the parent goes down to the children.

use super::{Constraint, Definition};
use crate::model::{Catalog, Ident, ObjectId, Pair, QName};
use crate::object::{Kind, Object, family};

fn name<'a>(table: &QName, column: &Ident, catalog: &'a Catalog) -> Option<&'a Ident> {
    match catalog.object(&Constraint::not_null_id(table, column)) {
        Some(Object::Constraint(Constraint { definition: Definition::NotNull { name, .. }, .. })) => name.as_ref(),
        _ => None,
    }
}

/// Whether a table has a NOT NULL that its children have too.
fn passes_on(table: &QName, column: &Ident, catalog: &Catalog) -> bool {
    let id = Constraint::not_null_id(table, column);
    matches!(catalog.object(&id), Some(Object::Constraint(constraint)) if !constraint.no_inherit)
}

/// The parent that the table has before and afterwards and that passes its NOT NULL on both times.
pub fn holder(table: &QName, column: &Ident, pair: Pair<&Catalog>) -> Option<QName> {
    let links = family::links(table, pair.to).into_iter().filter(|(id, _)| pair.from.contains(id));
    let mut parents = links.map(|(_, link)| &link.parent);
    parents.find(|parent| passes_on(parent, column, pair.from) && passes_on(parent, column, pair.to)).cloned()
}

/// Whether the table moves from one such parent to another, which it can do without ever being free.
fn moves(table: &QName, column: &Ident, pair: Pair<&Catalog>) -> bool {
    let held = |catalog: &Catalog| {
        let links = family::links(table, catalog).into_iter();
        links.filter(|(_, link)| link.bound.is_none()).any(|(_, link)| passes_on(&link.parent, column, catalog))
    };
    held(pair.from) && held(pair.to)
}

/// The name after the plan.
fn outcome<'a>(table: &QName, column: &Ident, pair: Pair<&'a Catalog>, depth: usize) -> Option<&'a Ident> {
    let (present, wanted) = (name(table, column, pair.from)?, name(table, column, pair.to)?);
    match holder(table, column, pair).filter(|_| depth < family::DEPTH) {
        Some(parent) => {
            let renamed = name(&parent, column, pair.from) == Some(present);
            if renamed { outcome(&parent, column, pair, depth + 1) } else { Some(present) }
        }
        None if moves(table, column, pair) => Some(present),
        None => Some(wanted),
    }
}

/// Gives what is wanted the names that are there and that nothing changes.
pub fn keep_names(current: &Catalog, wanted: &mut Catalog) {
    if wanted.major < 18 {
        return;
    }
    let pair = Pair::new(current, &*wanted);
    let mut kept: Vec<(ObjectId, Ident)> = Vec::new();
    for (link, _) in wanted.of_kind(Kind::Inheritance) {
        let Some(Object::Inheritance(inheritance)) = wanted.object(link) else { continue };
        for (column, _) in wanted.children_of(&family::table(&inheritance.child), Kind::Column) {
            let Some(column) = column.name() else { continue };
            let comes_out = outcome(&inheritance.child, column, pair, 0);
            if comes_out != name(&inheritance.child, column, wanted) {
                let id = Constraint::not_null_id(&inheritance.child, column);
                kept.extend(comes_out.map(|name| (id, name.clone())));
            }
        }
    }
    for (id, name) in kept {
        // Put back as a whole, since constraints are found by their names too.
        let Some(mut entry) = wanted.get(&id).cloned() else { continue };
        if let Object::Constraint(Constraint { definition: Definition::NotNull { name: said, .. }, .. }) = &mut entry.object {
            *said = Some(name);
        }
        wanted.insert(id, entry);
    }
}
