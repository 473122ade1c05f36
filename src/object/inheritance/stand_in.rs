//! A table stands in for the parents that another one leaves for a while: what a table has from no parent any more becomes its own for good
//! (`RemoveInheritance` of src/backend/commands/tablecmds.c), and INHERIT does not take that back.

use super::{Inheritance, parents};
use crate::model::{Catalog, LockMode, ObjectId, QName, Step};
use crate::object::column::{Column, Generated};
use crate::object::constraint::{Constraint, Definition};
use crate::object::{Cx, Kind, Object, family, typing};

/// What a table has from parents, and may have from a stand-in.
struct Held<'a> {
    columns: Vec<(&'a ObjectId, &'a Column)>,
    constraints: Vec<(&'a ObjectId, &'a Constraint)>,
}

/// What a table does to leave some of its parents, and to come under them again in this order, so that it keeps everything else as it is.
/// `catalog` has it as it is then; `keeps` tells the columns that the parents must have too all the while.
pub fn leave(
    table: &QName,
    left: &[&Inheritance],
    (catalog, keeps): (&Catalog, &dyn Fn(&ObjectId) -> bool),
    (why, cx): (&str, &Cx<'_>),
) -> (Vec<Step>, Vec<Step>) {
    let lock = |step: Step, parent: &QName| step.lock(table, LockMode::AccessExclusive).lock(parent, LockMode::ShareUpdateExclusive);
    let (mut out, mut back) = (Vec::new(), Vec::new());
    for Inheritance { parent, .. } in left {
        let step = Step::new(format!("ALTER TABLE {table} NO INHERIT {parent}"), format!("{table} leaves {parent} {why}"));
        out.push(lock(step, parent));
        let step = Step::new(format!("ALTER TABLE {table} INHERIT {parent}"), format!("{table} inherits from {parent} again"));
        back.push(lock(step, parent));
    }
    if let Some(held) = held(table, left, catalog, keeps) {
        let stand_in = typing::aside([cx.from, cx.to], table);
        let joins = Step::new(format!("ALTER TABLE {table} INHERIT {stand_in}"), format!("keep what {table} inherits inherited"));
        let made = held.made(&stand_in, table, cx);
        out.splice(0..0, made.into_iter().chain([joins.lock(table, LockMode::AccessExclusive)]));
        let leaves = Step::new(format!("ALTER TABLE {table} NO INHERIT {stand_in}"), format!("{table} has its parents again"));
        back.push(leaves.lock(table, LockMode::AccessExclusive));
        back.push(Step::new(format!("DROP TABLE {stand_in}"), format!("drop what stood in for the parents of {table}")));
    }
    (out, back)
}

/// What a stand-in must have; nothing where the table has all that it only inherits from other parents as well.
fn held<'a>(table: &QName, left: &[&Inheritance], catalog: &'a Catalog, keeps: &dyn Fn(&ObjectId) -> bool) -> Option<Held<'a>> {
    let whole = family::table(table);
    let mut columns: Vec<(&ObjectId, &Column)> = catalog
        .children_of(&whole, Kind::Column)
        .filter_map(|(id, entry)| match &entry.object {
            Object::Column(column) => Some((id, column)),
            _ => None,
        })
        .filter(|(id, _)| keeps(id))
        .collect();
    columns.sort_by_key(|(_, column)| column.position.0);
    let checks = catalog.children_of(&whole, Kind::Constraint).filter(|(id, entry)| {
        let columns = entry.needs.iter().filter(|need| need.kind == Kind::Column);
        keeps(id) && columns.into_iter().all(keeps)
    });
    // From 18 on, NOT NULL that no parent passes on becomes the table's own as well.
    let not_nulls = columns.iter().filter(|_| catalog.major >= 18).flat_map(|(id, _)| catalog.children_of(id, Kind::Constraint));
    let constraints = checks.chain(not_nulls).filter_map(|(id, entry)| match &entry.object {
        Object::Constraint(constraint) if constraint.inherited && is_passed_on(constraint) => Some((id, constraint)),
        _ => None,
    });
    let constraints: Vec<_> = constraints.collect();
    let leaves = |parent: &QName| left.iter().any(|link| link.parent == *parent);
    let only_there = |id: &ObjectId| {
        let all = parents(catalog, table).into_iter().map(|(_, link)| &link.parent);
        all.filter(|parent| catalog.contains(&id.moved_to(parent))).all(leaves)
    };
    let is_needed = columns.iter().any(|(id, column)| column.inherited && only_there(id)) || constraints.iter().any(|(id, _)| only_there(id));
    is_needed.then_some(Held { columns, constraints })
}

const fn is_passed_on(constraint: &Constraint) -> bool {
    matches!(constraint.definition, Definition::Check(_) | Definition::NotNull { .. })
}

impl Held<'_> {
    fn made(&self, stand_in: &QName, table: &QName, cx: &Cx<'_>) -> Vec<Step> {
        let columns: Vec<String> = self.columns.iter().filter_map(|(id, column)| spelled(id, column, cx)).collect();
        let summary = format!("stand in for the parents that {table} leaves");
        let made = Step::new(format!("CREATE TABLE {stand_in} ({})", columns.join(", ")), summary);
        // A parent's that is NOT VALID suits a child's that is, and one that is not yet.
        let unproved = |(id, constraint): &(&ObjectId, &Constraint)| {
            let constraint = Constraint { validated: false, ..(*constraint).clone() };
            Some(format!("ADD {}", constraint.clause(constraint.name(id)?, cx)))
        };
        let constraints: Vec<String> = self.constraints.iter().filter_map(unproved).collect();
        let added = (!constraints.is_empty()).then(|| {
            let summary = format!("stand in for the constraints that {table} inherits");
            Step::new(format!("ALTER TABLE {stand_in} {}", constraints.join(", ")), summary)
        });
        [made].into_iter().chain(added).collect()
    }
}

/// The column with what it must have in common with that of a child.
fn spelled(id: &ObjectId, column: &Column, cx: &Cx<'_>) -> Option<String> {
    let Column { type_name, collation, generated, .. } = column;
    let computed = generated.as_deref().map(|Generated { expr, stored }| {
        // Until 15 the expressions must be the same.
        let expr = if cx.major() < 16 { expr.to_string() } else { format!("NULL::{type_name}") };
        format!(" GENERATED ALWAYS AS ({expr}) {}", if *stored { "STORED" } else { "VIRTUAL" })
    });
    Some(format!("{} {type_name}{}{}", id.name()?, typing::collate(collation.as_ref()), computed.unwrap_or_default()))
}
