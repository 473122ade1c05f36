//! ALTER COLUMN: type, collation, identity, generation expression, settings.

use std::collections::BTreeSet;

use super::conversion::{Typed, conversion};
use super::definition::{catch_up, identity_clause, sequence_traits};
use super::settings::{self, Settings};
use super::several;
use super::{AlterTable, Column, Generated, Hazard, Identity, LockMode, Object, ObjectId, Pair, Step};
use crate::model::{Catalog, Ident, Options, QName, TypeName, spell_options};
use crate::object::constraint::{Constraint, Definition, set_not_null, unset_not_null};
use crate::object::sequence::{SequenceOptions, column_of, options_steps, persistence, value_may_move};
use crate::object::table::is_kept_from_rewriting;
use crate::object::{Change, Cx, Kind, inheritance, row_type, typing};

const AX: LockMode = LockMode::AccessExclusive;

/// ALTER COLUMN .. SET EXPRESSION came with this version.
const SET_EXPRESSION: u32 = 17;

/// What makes the wanted column of the present one.
pub(super) fn alter(id: &ObjectId, pair: Pair<&Column>, cx: &Cx<'_>) -> Change {
    change(id, pair, false, cx)
}

/// A type or collation that the column is made of has a new one under its name, while the old one still is what the column has.
pub(super) fn rebind(id: &ObjectId, pair: Pair<&Column>, rebuilt: &ObjectId, cx: &Cx<'_>) -> Option<Change> {
    if pair.from.generated.is_some() || pair.to.generated.is_some() {
        return Some(Change::Replace);
    }
    matches!(rebuilt.kind, Kind::Enum | Kind::Composite | Kind::Domain | Kind::Range | Kind::Collation).then(|| change(id, pair, true, cx))
}

/// What does not depend on the column, but on which a statement that changes it founders.
pub(super) fn in_the_way(id: &ObjectId, pair: Pair<&Column>, cx: &Cx<'_>) -> Vec<ObjectId> {
    let Some(table) = id.qname() else { return Vec::new() };
    [users_of_sequence(id, pair, cx), readers(table, pair, cx)].concat()
}

fn readers(table: &QName, pair: Pair<&Column>, cx: &Cx<'_>) -> Vec<ObjectId> {
    if pair.from.type_name != pair.to.type_name || pair.from.collation != pair.to.collation {
        return row_type::views_holding(table, cx);
    }
    match (&pair.from.generated, &pair.to.generated) {
        (Some(before), Some(after)) if before.expr != after.expr && after.stored => row_type::views_holding(table, cx),
        (Some(before), Some(after)) if before.expr != after.expr && !before.stored && !after.stored => checks(table, cx),
        _ => Vec::new(),
    }
}

/// What uses the sequence that DROP IDENTITY takes away, where one of that name comes afterwards: it is not that one.
fn users_of_sequence(id: &ObjectId, pair: Pair<&Column>, cx: &Cx<'_>) -> Vec<ObjectId> {
    let Some(gone) = pair.from.identity.as_ref().filter(|_| pair.to.identity.is_none()) else { return Vec::new() };
    let sequence = ObjectId::in_schema(Kind::Sequence, gone.sequence.clone());
    let another = if cx.to.contains(&sequence) { Some(sequence) } else { column_of(&gone.sequence, cx.to) };
    let Some(another) = another else { return Vec::new() };
    let needs = |catalog: &Catalog, user: &ObjectId, need: &ObjectId| catalog.get(user).is_some_and(|entry| entry.needs.contains(need));
    // What uses both columns before and after does so for what they hold.
    let uses_both = |user: &ObjectId| needs(cx.to, user, id) && needs(cx.from, user, &another);
    let uses_it = |user: &&ObjectId| needs(cx.to, user, &another) && !uses_both(user) && !user.is_link();
    cx.from.dependents().of(id).filter(uses_it).cloned().collect()
}

/// SET EXPRESSION refuses virtual columns of tables that have CHECKs, whatever these say (`ATExecSetExpression` of
/// src/backend/commands/tablecmds.c).
fn checks(table: &QName, cx: &Cx<'_>) -> Vec<ObjectId> {
    let is_check = |object: &Object| matches!(object, Object::Constraint(constraint) if matches!(constraint.definition, Definition::Check(_)));
    let table = ObjectId::in_schema(Kind::Table, table.clone());
    let checks = [cx.from, cx.to].into_iter().flat_map(|catalog| catalog.children_of(&table, Kind::Constraint));
    let checks: BTreeSet<&ObjectId> = checks.filter(|(_, entry)| is_check(&entry.object)).map(|(id, _)| id).collect();
    checks.into_iter().cloned().collect()
}

fn change(id: &ObjectId, pair: Pair<&Column>, swapped: bool, cx: &Cx<'_>) -> Change {
    let Column {
        position: _,
        type_name,
        collation,
        identity,
        generated,
        storage: _,
        compression: _,
        statistics: _,
        options: _,
        foreign_options: _,
        // Follows from INHERIT, NO INHERIT, ATTACH and DETACH.
        inherited: _,
    } = pair.to;
    let Some((table, name)) = id.qname().zip(id.name()) else { return Change::Replace };
    let it = Alter { id, table, name, cx, at: AlterTable::new(table, cx) };
    let retyped = swapped || pair.from.type_name != *type_name || pair.from.collation != *collation;
    if it.must_be_new(pair, retyped) {
        return Change::Replace;
    }
    if retyped && it.in_partition_key() {
        return Change::Whole(Box::new(Change::Replace));
    }
    // Types and expressions go with those of the parent, or of the type of a typed table.
    let carried = inheritance::carried(id, cx) || Column::is_typed(id, cx);
    let mut steps = Vec::new();
    if pair.from.identity.is_some() && identity.is_none() {
        steps.extend(it.drop_identity());
    }
    if pair.from.generated.is_some() && generated.is_none() && !carried {
        steps.push(it.all("DROP EXPRESSION", "no longer compute"));
    }
    let mut numbered = pair.from.identity.clone();
    if retyped && !carried {
        steps.extend(it.narrow(numbered.as_deref_mut(), pair.to));
        let kept = it.kept_from_rewriting();
        let option = |change: &str| it.at.all(AX, change, format!("change storage parameters of {table}"));
        steps.extend(kept.iter().map(|_| option("SET (user_catalog_table = false)")));
        steps.extend(it.retype_all(pair, swapped));
        // All of them, so that they come back in their order.
        steps.extend(kept.map(|options| option(&format!("SET ({})", spell_options(options)))));
    }
    if let (Some(before), Some(after)) = (&pair.from.generated, generated)
        && before.expr != after.expr
    {
        steps.push(it.set_expression(after));
    }
    match (&numbered, identity) {
        (None, Some(new)) => steps.extend(it.add_identity(new, type_name)),
        (Some(old), Some(new)) => steps.extend(it.change_identity(Pair::new(old, new), type_name)),
        _ => {}
    }
    let present = if retyped { Settings::of(pair.from).retyped() } else { Settings::of(pair.from) };
    steps.extend(settings::changes(id, type_name, Pair::new(&present, &Settings::of(pair.to)), cx));
    if retyped { Change::Disturbing(steps) } else { Change::InPlace(steps) }
}

struct Alter<'a> {
    id: &'a ObjectId,
    table: &'a QName,
    name: &'a Ident,
    cx: &'a Cx<'a>,
    at: AlterTable<'a>,
}

impl<'a> Alter<'a> {
    fn all(&self, action: &str, verb: &str) -> Step {
        self.at.all(AX, &format!("ALTER COLUMN {} {action}", self.name), format!("{verb} {}.{}", self.table, self.name))
    }

    fn typed<'b>(&'b self, pair: Pair<&'b Column>) -> Pair<Typed<'b>> {
        let typed = |column: &'b Column, catalog: &'b crate::model::Catalog| Typed {
            name: &column.type_name,
            catalog,
            needs: catalog.get(self.id).map(|entry| &entry.needs),
        };
        Pair::new(typed(pair.from, self.cx.from), typed(pair.to, self.cx.to))
    }

    /// Whether no ALTER COLUMN makes the one of the other: nothing makes a plain column a generated one.
    fn must_be_new(&self, pair: Pair<&Column>, retyped: bool) -> bool {
        match (&pair.from.generated, &pair.to.generated) {
            (None, None) => false,
            (None, Some(_)) => true,
            // DROP EXPRESSION wants stored values.
            (Some(before), None) => !before.stored,
            (Some(before), Some(after)) => {
                let typed = self.typed(pair);
                // ALTER COLUMN TYPE refuses USING here.
                let uncastable = retyped && conversion(self.name, typed.from, typed.to, false).using.is_some();
                before.stored != after.stored || uncastable || (before.expr != after.expr && self.cx.major() < SET_EXPRESSION)
            }
        }
    }

    /// Columns of a partition key cannot change (`ATPrepAlterColumnType`).
    fn in_partition_key(&self) -> bool {
        let table = self.cx.from.object(&ObjectId::in_schema(Kind::Table, self.table.clone()));
        let Some(Object::Table(table)) = table else { return false };
        let name = self.name.quoted();
        let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '"' | '.');
        table.partition_key.as_ref().is_some_and(|key| {
            key.sql.match_indices(&name).any(|(at, _)| {
                let (before, after) = (key.sql.get(..at).unwrap_or_default(), key.sql.get(at + name.len()..).unwrap_or_default());
                !before.ends_with(inside) && !after.starts_with(inside)
            })
        })
    }

    /// With the columns of other parents that some table has it from too, where there are any: the first of them changes all.
    fn retype_all(&self, pair: Pair<&Column>, swapped: bool) -> Vec<Step> {
        let tops = several::together(self.id, self.cx);
        if tops.len() < 2 {
            return vec![self.retype(pair, swapped)];
        }
        if tops.first() != Some(self.id) {
            return Vec::new();
        }
        let (mut steps, after) = several::around(&tops, self.cx);
        for id in &tops {
            let columns = Pair::new(self.cx.from.object(id), self.cx.to.object(id));
            let (Some(Object::Column(from)), Some(Object::Column(to)), Some(table)) = (columns.from, columns.to, id.qname()) else { continue };
            let each = Alter { id, table, name: self.name, cx: self.cx, at: AlterTable::new(table, self.cx) };
            steps.push(each.retype(Pair::new(from, to), from.type_name == to.type_name && from.collation == to.collation));
        }
        steps.extend(after);
        steps
    }

    /// The storage parameters that the table shall have, where one of them keeps it from being written anew before and afterwards
    /// (`ATRewriteTables` of src/backend/commands/tablecmds.c).
    fn kept_from_rewriting(&self) -> Option<&'a Options> {
        let id = ObjectId::in_schema(Kind::Table, self.table.clone());
        let of = |catalog: &'a Catalog| match catalog.object(&id) {
            Some(Object::Table(table)) => Some(&table.options),
            _ => None,
        };
        let keeps = |options: &&Options| is_kept_from_rewriting(options);
        of(self.cx.from).filter(keeps).and_then(|_| of(self.cx.to)).filter(keeps)
    }

    fn retype(&self, pair: Pair<&Column>, swapped: bool) -> Step {
        let typed = self.typed(pair);
        let converted = conversion(self.name, typed.from, typed.to, swapped);
        let Column { type_name, collation, .. } = pair.to;
        let using = converted.using.map(|expr| format!(" USING {expr}")).unwrap_or_default();
        let action = format!("ALTER COLUMN {} TYPE {type_name}{}{using}", self.name, typing::collate(collation.as_ref()));
        let summary = format!("change the type of {}.{} to {type_name}", self.table, self.name);
        let step = self.at.all(AX, &action, summary);
        if !self.at.stays() {
            return step;
        }
        let step = if converted.rewrites { self.at.rewriting(step, "every value is converted") } else { step.scan(self.table) };
        let step = converted.hazards.into_iter().fold(step, Step::hazard);
        if pair.from.type_name == *type_name {
            return step;
        }
        step.hazard(Hazard::Breaks(format!("code that takes {}.{} for {}", self.table, self.name, pair.from.type_name)))
    }

    /// Each table has an expression of its own, also where it inherits the column.
    fn set_expression(&self, generated: &Generated) -> Step {
        let Generated { expr, stored } = generated;
        let action = format!("ALTER COLUMN {} SET EXPRESSION AS ({expr})", self.name);
        let step = self.at.only(AX, &action, format!("compute {}.{} otherwise", self.table, self.name));
        if *stored { self.at.rewriting(step, "the expression is computed for every row") } else { step }
    }

    fn add_identity(&self, identity: &Identity, type_name: &TypeName) -> Vec<Step> {
        let action = format!("ADD {}", identity_clause(identity, self.table, self.name));
        let mut steps: Vec<Step> = self.not_null().into_iter().chain([self.all(&action, "number by a sequence")]).collect();
        steps.extend(sequence_traits(identity, type_name, self.table, self.cx));
        if self.at.stays() {
            steps.extend(catch_up(self.id, &identity.sequence, &identity.options, self.cx));
        }
        steps
    }

    /// ADD GENERATED .. AS IDENTITY wants a column that is NOT NULL already, so that the constraint leaves that to the column.
    fn not_null(&self) -> Vec<Step> {
        let id = Constraint::not_null_id(self.table, self.name);
        match self.cx.to.object(&id) {
            Some(Object::Constraint(constraint)) if !self.cx.from.contains(&id) => set_not_null(constraint, self.table, self.name, self.cx),
            _ => Vec::new(),
        }
    }

    /// DROP NOT NULL is refused to an identity column, so that the constraint leaves that to the column too.
    fn drop_identity(&self) -> Vec<Step> {
        let id = Constraint::not_null_id(self.table, self.name);
        let nullable = self.cx.from.contains(&id) && !self.cx.to.contains(&id);
        let unset = if nullable { unset_not_null(self.table, self.name, self.cx) } else { Vec::new() };
        [self.all("DROP IDENTITY", "no longer number")].into_iter().chain(unset).collect()
    }

    /// ALTER COLUMN TYPE takes the sequence along, and is refused where that has numbers beyond the new type.
    fn narrow(&self, numbered: Option<&mut Identity>, to: &Column) -> Vec<Step> {
        let Some((present, wanted)) = numbered.zip(to.identity.as_ref()) else { return Vec::new() };
        let options = Pair::new(&present.options, &wanted.options);
        let Some(narrowed) = SequenceOptions::narrowed(options, &to.type_name) else { return Vec::new() };
        let steps = options_steps(&present.sequence, Pair::new(&present.options, &narrowed));
        present.options = narrowed;
        steps
    }

    fn change_identity(&self, pair: Pair<&Identity>, type_name: &TypeName) -> Vec<Step> {
        let Identity { always, sequence, options, unlogged } = pair.to;
        let mut steps = Vec::new();
        if pair.from.sequence != *sequence {
            let sql = format!("ALTER SEQUENCE {} RENAME TO {}", pair.from.sequence, sequence.name);
            let step = Step::new(sql, format!("rename sequence {} to {}", pair.from.sequence, sequence.name));
            steps.push(step.lock(&pair.from.sequence, AX));
        }
        // ALTER COLUMN TYPE has taken the sequence along.
        let present = pair.from.options.retyped(type_name);
        let clauses = SequenceOptions::changes(Pair::new(&present, options));
        let numbering = Pair::new(&present, options);
        let apart = present.data_type != options.data_type || value_may_move(numbering);
        if apart && !clauses.is_empty() {
            steps.extend(options_steps(sequence, numbering));
        }
        let kind = (pair.from.always != *always).then(|| format!("SET GENERATED {}", if *always { "ALWAYS" } else { "BY DEFAULT" }));
        let set = clauses.iter().filter(|_| !apart).map(|clause| format!("SET {clause}"));
        let said: Vec<String> = kind.into_iter().chain(set).collect();
        if !said.is_empty() {
            steps.push(self.all(&said.join(" "), "change the numbering of"));
        }
        // Where the table's changes, the sequence's goes with it.
        if *unlogged != pair.from.unlogged && !persistence::changes(self.table, self.cx) {
            steps.push(persistence::step(sequence, *unlogged).lock(sequence, AX));
        }
        steps
    }
}
