//! Statements for constraints that are known by their name: all but NOT NULL.

use super::{Constraint, Definition, IndexTraits, KeyConstraint, key};
use crate::model::{Catalog, Expr, Hazard, Ident, LockMode, ObjectId, Pair, QName, Step, Transaction, option_changes};
use crate::object::index::partition::{self, comes_from_above};
use crate::object::{Change, Cx, Kind, Object, family, inheritance};

/// Whether it comes into being with its table, because a parent table that the CREATE TABLE names has it.
pub fn comes_from_parent(constraint: &Constraint, table: &QName, cx: &Cx<'_>) -> bool {
    constraint.inherited && !family::stays(table, cx) && family::inherits_plainly(table, cx.to)
}

/// The CHECKs of that name of the parents that stay parents.
fn of_parents(table: &QName, name: &Ident, catalog: &Catalog, cx: &Cx<'_>) -> Vec<ObjectId> {
    let links = family::links(table, catalog).into_iter().filter(|(id, _)| cx.stays(id));
    links.map(|(_, link)| Constraint::named_id(&link.parent, name)).filter(|id| catalog.contains(id)).collect()
}

/// Whether a parent's statement makes it, though the table had one of its own under that name.
fn comes_with_parent(constraint: &Constraint, table: &QName, name: &Ident, cx: &Cx<'_>) -> bool {
    let is_check = matches!(constraint.definition, Definition::Check(_));
    is_check && constraint.inherited && of_parents(table, name, cx.to, cx).iter().any(|above| cx.created.contains(above))
}

/// Whether it goes by a parent's statement, though the table gets one of its own under that name.
pub fn goes_with_parent(constraint: &Constraint, table: &QName, name: &Ident, cx: &Cx<'_>) -> bool {
    let above = of_parents(table, name, cx.from, cx);
    let is_check = matches!(constraint.definition, Definition::Check(_));
    is_check && constraint.inherited && !above.is_empty() && above.iter().all(|above| !cx.stays(above))
}

/// Whether some parent passes it on and has a valid one: VALIDATE on the parent goes down to its children.
fn valid_above(table: &QName, id: &ObjectId, cx: &Cx<'_>) -> bool {
    let valid = |parent: &QName| Constraint::of(cx.to, &id.moved_to(parent)).is_some_and(|above| above.validated && !above.no_inherit);
    let is_new = !family::stays(table, cx);
    family::links(table, cx.to).into_iter().any(|(link, inheritance)| (is_new || cx.stays(link)) && valid(&inheritance.parent))
}

/// What is left to do in a new table, where a parent gets the constraint as well: a new table has it valid at once only if it comes later.
pub fn validated_at_birth(constraint: &Constraint, table: &QName, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
    let is_made = family::links(table, cx.to).into_iter().any(|(_, link)| cx.created.contains(&id.moved_to(&link.parent)));
    if is_made { validated_below(constraint, id, cx) } else { Vec::new() }
}

/// What a parent's NOT VALID makes of a CHECK or NOT NULL that is valid in the child, as it is in one that was made later.
pub fn validated_below(constraint: &Constraint, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
    let Some((table, name)) = id.qname().zip(constraint.name(id)) else { return Vec::new() };
    if !constraint.validated || valid_above(table, id, cx) {
        return Vec::new();
    }
    let step = validate(table, name).hazard(Hazard::Assumes(format!("every row of {table} satisfies {name}")));
    vec![if merges(table, id, cx) { step } else { step.late() }]
}

/// Whether the table, or one that inherits from it, comes under a parent that has the same, which must find a valid one there
/// (`MergeConstraintsIntoExisting` of src/backend/commands/tablecmds.c).
pub fn merges(table: &QName, id: &ObjectId, cx: &Cx<'_>) -> bool {
    let has = |parent: &QName| Constraint::of(cx.to, &id.moved_to(parent)).is_some_and(|above| !above.no_inherit);
    let meets = |child: &QName| family::links(child, cx.to).into_iter().any(|(link, above)| !cx.stays(link) && has(&above.parent));
    meets(table) || family::descendants(table, cx).iter().any(meets)
}

pub fn create(constraint: &Constraint, table: &QName, name: &Ident, cx: &Cx<'_>) -> Vec<Step> {
    if comes_from_parent(constraint, table, cx) {
        return validated_at_birth(constraint, table, &Constraint::named_id(table, name), cx);
    }
    if comes_with_parent(constraint, table, name, cx) {
        return validated_below(constraint, &Constraint::named_id(table, name), cx);
    }
    if cx.to.get(&Constraint::named_id(table, name)).is_some_and(comes_from_above) {
        return key::of_parent(constraint, table, name, cx);
    }
    let stays = family::stays(table, cx);
    let clause = constraint.clause(name, cx);
    let goes_down = partition::excludes(&constraint.definition) && family::is_partitioned(table, cx.to);
    match &constraint.definition {
        Definition::Check(_) => checked(constraint, &clause, table, name, cx, LockMode::AccessExclusive),
        Definition::ForeignKey(key) => {
            let mut steps = checked(constraint, &clause, table, name, cx, LockMode::ShareRowExclusive);
            if key.references != *table && family::stays(&key.references, cx) {
                let modes = [LockMode::ShareRowExclusive, LockMode::RowShare];
                steps = steps.into_iter().zip(modes).map(|(step, mode)| step.lock(&key.references, mode)).collect();
            }
            steps
        }
        Definition::PrimaryKey(definition) | Definition::Unique(definition) => {
            let online = key::online(constraint, definition, table, name, cx);
            let mut steps = online.unwrap_or_else(|| vec![added(goes_down, &clause, table, name, "key", stays)]);
            steps.extend(flags(None, &definition.index, table, name, stays));
            steps
        }
        Definition::Exclude(exclude) => {
            let mut steps = vec![added(goes_down, &clause, table, name, "exclusion constraint", stays)];
            steps.extend(flags(None, &exclude.index, table, name, stays));
            steps
        }
        Definition::NotNull { .. } => Vec::new(),
    }
}

/// CHECK and FOREIGN KEY: on a table that may hold rows, first for new rows only, then for those that are there.
fn checked(constraint: &Constraint, clause: &str, table: &QName, name: &Ident, cx: &Cx<'_>, mode: LockMode) -> Vec<Step> {
    let stays = family::stays(table, cx);
    let foreign = matches!(constraint.definition, Definition::ForeignKey(_));
    let what = if foreign { "foreign key" } else { "check" };
    // "cannot add NOT VALID foreign key on partitioned table" before 18 (ATAddForeignKeyConstraint).
    let can_wait = !(foreign && cx.major() < 18 && family::is_partitioned(table, cx.to));
    let sql = format!("ALTER TABLE {table} ADD {clause}");
    let lock = |step: Step| if stays { step.lock(table, mode) } else { step };
    if !stays || !constraint.validated {
        return vec![lock(Step::new(sql, format!("add {what} {name} to {table}")))];
    }
    let assumes = Hazard::Assumes(format!("every row of {table} satisfies {name}"));
    // ATTACH PARTITION takes up a valid one alone (`tryAttachPartitionForeignKey`).
    let taken_up = foreign && constraint.inherited && inheritance::joins(table, cx);
    if cx.online && can_wait && !taken_up {
        let first = lock(Step::new(format!("{sql} NOT VALID"), format!("add {what} {name} to {table} for new rows")));
        let then = validate(table, name).hazard(assumes);
        let merges = !foreign && merges(table, &Constraint::named_id(table, name), cx);
        return vec![first, if merges { then } else { then.late() }];
    }
    let blocks = Hazard::Blocks(format!("{table} is checked row by row while it is locked"));
    vec![lock(Step::new(sql, format!("add {what} {name} to {table}"))).scan(table).hazard(assumes).hazard(blocks)]
}

/// VALIDATE CONSTRAINT, in a transaction that does not hold the strong lock of the ADD.
pub fn validate(table: &QName, name: &Ident) -> Step {
    Step::new(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"), format!("check the rows of {table} against {name}"))
        .lock(table, LockMode::ShareUpdateExclusive)
        .scan(table)
        .transaction(Transaction::Fresh)
}

/// ADD of what has an index. Partitions get theirs by name, so that the statement must not go down to them, unless they cannot.
fn added(goes_down: bool, clause: &str, table: &QName, name: &Ident, what: &str, stays: bool) -> Step {
    let only = if goes_down { "" } else { "ONLY " };
    let step = Step::new(format!("ALTER TABLE {only}{table} ADD {clause}"), format!("add {what} {name} to {table}"));
    if !stays {
        return step;
    }
    step.lock(table, LockMode::AccessExclusive)
        .scan(table)
        .hazard(Hazard::Assumes(format!("the rows of {table} do not conflict with each other in {name}")))
        .hazard(Hazard::Blocks(format!("{table} is locked while the index of {name} is built")))
}

/// What says of an index that the table's REPLICA IDENTITY or CLUSTER uses it. The table itself says that none does.
pub fn flags(from: Option<&IndexTraits>, to: &IndexTraits, table: &QName, index: &Ident, stays: bool) -> Vec<Step> {
    let turned = |flag: fn(&IndexTraits) -> bool| flag(to) && !from.is_some_and(flag);
    let mut steps = Vec::new();
    if turned(|index| index.replica_identity) {
        let sql = format!("ALTER TABLE {table} REPLICA IDENTITY USING INDEX {index}");
        steps.push((Step::new(sql, format!("replicate changes of {table} by {index}")), LockMode::AccessExclusive));
    }
    if turned(|index| index.clustered) {
        let sql = format!("ALTER TABLE {table} CLUSTER ON {index}");
        steps.push((Step::new(sql, format!("note that {table} is to be clustered by {index}")), LockMode::ShareUpdateExclusive));
    }
    steps.into_iter().map(|(step, mode)| if stays { step.lock(table, mode) } else { step }).collect()
}

pub fn drop(definition: &Definition, table: &QName, name: &Ident, cx: &Cx<'_>) -> Step {
    let step = Step::new(format!("ALTER TABLE {table} DROP CONSTRAINT {name}"), format!("drop constraint {name} of {table}"))
        .lock(table, LockMode::AccessExclusive);
    match definition {
        Definition::ForeignKey(key) if key.references != *table && cx.from.contains(&family::table(&key.references)) => {
            step.lock(&key.references, LockMode::AccessExclusive)
        }
        _ => step,
    }
}

pub fn alter(pair: Pair<&Constraint>, table: &QName, name: &Ident, cx: &Cx<'_>) -> Change {
    match altered(pair, table, name, cx) {
        Change::Replace => key::change(pair, table, name, cx).unwrap_or(Change::Replace),
        change => change,
    }
}

fn altered(pair: Pair<&Constraint>, table: &QName, name: &Ident, cx: &Cx<'_>) -> Change {
    match (&pair.from.definition, &pair.to.definition) {
        (Definition::PrimaryKey(from), Definition::PrimaryKey(to)) | (Definition::Unique(from), Definition::Unique(to)) => {
            let KeyConstraint { columns, nulls_not_distinct, without_overlaps, index: _ } = to;
            let same = *columns == from.columns
                && *nulls_not_distinct == from.nulls_not_distinct
                && *without_overlaps == from.without_overlaps
                && same_attributes(pair);
            index_change(same, Pair::new(&from.index, &to.index), table, name, cx)
        }
        (Definition::Exclude(from), Definition::Exclude(to)) => {
            let super::Exclude { method, elements, predicate, index: _ } = to;
            let same = *method == from.method && *elements == from.elements && *predicate == from.predicate && same_attributes(pair);
            index_change(same, Pair::new(&from.index, &to.index), table, name, cx)
        }
        (Definition::Check(from), Definition::Check(to)) => check_change(Pair::new(from, to), pair, table, name, cx),
        (Definition::ForeignKey(from), Definition::ForeignKey(to)) if from == to => foreign_key_change(pair, table, name, cx),
        _ => Change::Replace,
    }
}

/// Whether nothing but the definition differs. Of keys and EXCLUDE, PostgreSQL alters none of these.
fn same_attributes(pair: Pair<&Constraint>) -> bool {
    let Constraint { definition: _, deferrable, deferred, validated, enforced, no_inherit, inherited } = pair.from;
    let to = pair.to;
    (*deferrable, *deferred, *validated, *enforced, *no_inherit, *inherited)
        == (to.deferrable, to.deferred, to.validated, to.enforced, to.no_inherit, to.inherited)
}

/// What changes at the index of a constraint without touching the constraint.
fn index_change(same: bool, index: Pair<&IndexTraits>, table: &QName, name: &Ident, cx: &Cx<'_>) -> Change {
    let IndexTraits { include, options, tablespace, replica_identity: _, clustered: _ } = index.to;
    let in_partitions = *options != index.from.options && family::is_partitioned(table, cx.to);
    if !same || *include != index.from.include || in_partitions {
        return Change::Replace;
    }
    let relation = QName::new(table.schema.clone(), name.clone());
    let mut steps = index_storage(&relation, Pair::new(&index.from.options, options), Pair::new(&index.from.tablespace, tablespace));
    steps.extend(flags(Some(index.from), index.to, table, name, true));
    Change::InPlace(steps)
}

/// ALTER INDEX for storage parameters and the tablespace.
pub fn index_storage(
    index: &QName,
    options: Pair<&crate::model::Options>,
    tablespace: Pair<&Option<Ident>>,
) -> Vec<Step> {
    let (set, reset) = option_changes(options);
    let clauses = [set.map(|list| format!("SET ({list})")), reset.map(|list| format!("RESET ({list})"))];
    let mut steps: Vec<Step> = clauses
        .into_iter()
        .flatten()
        .map(|clause| {
            Step::new(format!("ALTER INDEX {index} {clause}"), format!("change storage parameters of index {index}"))
                .lock(index, LockMode::ShareUpdateExclusive)
        })
        .collect();
    if tablespace.differs() {
        let place = tablespace.to.as_ref().map_or_else(|| "pg_default".to_owned(), Ident::quoted);
        steps.push(
            Step::new(format!("ALTER INDEX {index} SET TABLESPACE {place}"), format!("move index {index} to tablespace {place}"))
                .lock(index, LockMode::AccessExclusive)
                .rewrite(index),
        );
    }
    steps
}

fn check_change(expr: Pair<&Expr>, pair: Pair<&Constraint>, table: &QName, name: &Ident, cx: &Cx<'_>) -> Change {
    let Constraint { definition: _, deferrable: _, deferred: _, validated, enforced, no_inherit, inherited } = pair.to;
    let was = pair.from;
    // One's own must be gone by the time that a parent passes one on for the first time, or it stays one's own.
    let passes_on = |catalog: &Catalog| {
        of_parents(table, name, catalog, cx).iter().any(|id| matches!(catalog.object(id), Some(Object::Constraint(above)) if !above.no_inherit))
    };
    let comes_first = *inherited && !was.inherited && passes_on(cx.to) && !passes_on(cx.from);
    if expr.differs() || comes_first || *enforced != was.enforced || *no_inherit != was.no_inherit || (was.validated && !validated) {
        return Change::Replace;
    }
    let mut steps = Vec::new();
    if was.inherited && !inherited && family::link_stays(table, cx) {
        // Said again on the child, it merges with the inherited one and stays when that goes.
        let sql = format!("ALTER TABLE {table} ADD {}", pair.to.clause(name, cx));
        steps.push(Step::new(sql, format!("make check {name} one of {table} itself")).lock(table, LockMode::AccessExclusive));
    }
    if !was.validated {
        steps.extend(validated_below(pair.to, &Constraint::named_id(table, name), cx));
    }
    Change::InPlace(steps)
}

fn foreign_key_change(pair: Pair<&Constraint>, table: &QName, name: &Ident, cx: &Cx<'_>) -> Change {
    let Constraint { definition, deferrable, deferred, validated, enforced, no_inherit: _, inherited: _ } = pair.to;
    let was = pair.from;
    let enforcing = *enforced && !was.enforced;
    if (was.validated && !validated && *enforced) || (enforcing && !validated) {
        return Change::Replace;
    }
    let mut steps = Vec::new();
    let alter = |what: &str, summary: String| {
        Step::new(format!("ALTER TABLE {table} ALTER CONSTRAINT {name} {what}"), summary).lock(table, LockMode::AccessExclusive)
    };
    if (*deferrable, *deferred) != (was.deferrable, was.deferred) {
        let words = match (deferrable, deferred) {
            (false, _) => "NOT DEFERRABLE",
            (true, false) => "DEFERRABLE INITIALLY IMMEDIATE",
            (true, true) => "DEFERRABLE INITIALLY DEFERRED",
        };
        steps.push(alter(words, format!("change when foreign key {name} of {table} is checked")));
    }
    if *enforced != was.enforced {
        let words = if *enforced { "ENFORCED" } else { "NOT ENFORCED" };
        let mut step = alter(words, format!("make foreign key {name} of {table} {}", words.to_lowercase()));
        if enforcing {
            step = step
                .scan(table)
                .hazard(Hazard::Assumes(format!("every row of {table} satisfies {name}")))
                .hazard(Hazard::Blocks(format!("{table} is checked row by row while it is locked")));
        }
        steps.push(step);
    } else if *validated && !was.validated {
        let mut step = validate(table, name).late().hazard(Hazard::Assumes(format!("every row of {table} satisfies {name}")));
        if let Definition::ForeignKey(key) = definition
            && key.references != *table
            && family::stays(&key.references, cx)
        {
            step = step.lock(&key.references, LockMode::RowShare);
        }
        steps.push(step);
    }
    Change::InPlace(steps)
}

/// Gives a constraint another name; an index behind it takes the name too.
pub fn rename(from: &ObjectId, to: &Ident) -> Option<Step> {
    let (Kind::Constraint, Some(table), Some(name)) = (from.kind, from.qname(), from.name()) else { return None };
    let sql = format!("ALTER TABLE {table} RENAME CONSTRAINT {name} TO {to}");
    Some(Step::new(sql, format!("rename constraint {name} of {table} to {to}")).lock(table, LockMode::AccessExclusive))
}
