//! Triggers.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Catalog, Expr, Hazard, Ident, Key, LockMode, ObjectId, Pair, QName, Step, quote_literal};
use crate::sql::literal::names;
use crate::sql::{self, Node, NodeEnum, ParseError, protobuf};

/// When a trigger or rule fires (`tgenabled`, `ev_enabled`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Firing {
    /// ENABLE: `O`.
    Origin,
    /// DISABLE: `D`.
    Disabled,
    /// ENABLE REPLICA: `R`.
    Replica,
    /// ENABLE ALWAYS: `A`.
    Always,
}

impl Firing {
    /// Reads `tgenabled` or `ev_enabled`.
    ///
    /// # Errors
    /// Another letter.
    pub fn read(row: &CatalogRow<'_>, column: &'static str, id: &ObjectId) -> Result<Self, ReadError> {
        match row.char(column)? {
            'O' => Ok(Self::Origin),
            'D' => Ok(Self::Disabled),
            'R' => Ok(Self::Replica),
            'A' => Ok(Self::Always),
            other => Err(ReadError::Unknown { object: id.to_string(), column, value: other.to_string() }),
        }
    }

    /// What stands before TRIGGER or RULE in ALTER TABLE.
    pub const fn clause(self) -> &'static str {
        match self {
            Self::Origin => "ENABLE",
            Self::Disabled => "DISABLE",
            Self::Replica => "ENABLE REPLICA",
            Self::Always => "ENABLE ALWAYS",
        }
    }
}

/// When a trigger fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Timing {
    /// BEFORE.
    Before,
    /// AFTER.
    After,
    /// INSTEAD OF.
    InsteadOf,
}

/// A trigger of a table or view; a partition's copies of its parent's triggers are not objects, but how they fire is (see
/// `inherited`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// CREATE CONSTRAINT TRIGGER.
    pub constraint: bool,
    /// BEFORE, AFTER, INSTEAD OF.
    pub timing: Timing,
    /// `INSERT`, `DELETE`, `UPDATE`, `TRUNCATE`, in this order.
    pub events: Vec<String>,
    /// Columns of UPDATE OF.
    pub columns: Vec<Ident>,
    /// FROM: the other table of a constraint trigger.
    pub referenced: Option<QName>,
    /// DEFERRABLE.
    pub deferrable: bool,
    /// INITIALLY DEFERRED.
    pub initially_deferred: bool,
    /// REFERENCING OLD TABLE.
    pub old_table: Option<Ident>,
    /// REFERENCING NEW TABLE.
    pub new_table: Option<Ident>,
    /// FOR EACH ROW, or STATEMENT.
    pub row: bool,
    /// WHEN.
    pub when: Option<Expr>,
    /// The function.
    pub function: QName,
    /// What the function is given.
    pub arguments: Vec<String>,
    /// ENABLE, DISABLE, ...
    pub firing: Firing,
    /// A partition's copy of its parent's trigger (`tgparentid`), an object only where it fires otherwise than the parent's.
    pub inherited: bool,
}

/// Bits of `tgtype` (src/include/catalog/pg_trigger.h), which the parser uses too.
const BEFORE: i32 = 1 << 1;
const INSTEAD: i32 = 1 << 6;
const EVENTS: [(i32, &str); 4] = [(1 << 2, "INSERT"), (1 << 3, "DELETE"), (1 << 4, "UPDATE"), (1 << 5, "TRUNCATE")];

impl Trigger {
    /// What a CREATE TRIGGER statement says, its names qualified. A function without a schema is PostgreSQL's own.
    ///
    /// # Errors
    /// A tree that does not deparse.
    pub fn of_statement(statement: &protobuf::CreateTrigStmt) -> Result<Self, ParseError> {
        let transition = |new: bool| {
            let of = |node: &Node| match &node.node {
                Some(NodeEnum::TriggerTransition(transition)) if transition.is_new == new => Some(Ident::new(&transition.name)),
                _ => None,
            };
            statement.transition_rels.iter().find_map(of)
        };
        let timing = match statement.timing {
            BEFORE => Timing::Before,
            INSTEAD => Timing::InsteadOf,
            _ => Timing::After,
        };
        let function = match names(&statement.funcname).as_slice() {
            [.., schema, name] => QName::new(schema.as_str(), name.as_str()),
            [name] => QName::new("pg_catalog", name.as_str()),
            [] => return Err(ParseError::whole("the trigger has no function")),
        };
        Ok(Self {
            constraint: statement.isconstraint,
            timing,
            events: EVENTS.iter().filter(|(bit, _)| statement.events & bit != 0).map(|(_, event)| (*event).to_owned()).collect(),
            columns: names(&statement.columns).iter().map(|name| Ident::new(name)).collect(),
            referenced: statement.constrrel.as_ref().map(|other| QName::new(other.schemaname.as_str(), other.relname.as_str())),
            deferrable: statement.deferrable,
            initially_deferred: statement.initdeferred,
            old_table: transition(false),
            new_table: transition(true),
            row: statement.row,
            when: statement.when_clause.as_ref().map(|when| sql::deparse_expr(when)).transpose()?.map(Expr::new),
            function,
            arguments: names(&statement.args),
            firing: Firing::Origin,
            inherited: false,
        })
    }

    /// What follows the table's name, up to WHEN.
    fn clauses(&self) -> String {
        let mut words = Vec::new();
        words.extend(self.referenced.as_ref().map(|other| format!("FROM {other}")));
        words.extend(self.deferrable.then(|| "DEFERRABLE".to_owned()));
        words.extend(self.initially_deferred.then(|| "INITIALLY DEFERRED".to_owned()));
        if self.old_table.is_some() || self.new_table.is_some() {
            words.push("REFERENCING".to_owned());
        }
        words.extend(self.old_table.as_ref().map(|name| format!("OLD TABLE AS {name}")));
        words.extend(self.new_table.as_ref().map(|name| format!("NEW TABLE AS {name}")));
        words.push(if self.row { "FOR EACH ROW" } else { "FOR EACH STATEMENT" }.to_owned());
        words.join(" ")
    }

    fn definition(&self, id: &ObjectId, verb: &str) -> String {
        let Self {
            constraint,
            timing,
            events,
            columns,
            referenced: _,
            deferrable: _,
            initially_deferred: _,
            old_table: _,
            new_table: _,
            row: _,
            when,
            function,
            arguments,
            firing: _,
            inherited: _,
        } = self;
        let Key::OnRelation(table, name) = &id.key else { return String::new() };
        let constraint = if *constraint { "CONSTRAINT " } else { "" };
        let timing = match timing {
            Timing::Before => "BEFORE",
            Timing::After => "AFTER",
            Timing::InsteadOf => "INSTEAD OF",
        };
        let event = |event: &String| match columns.as_slice() {
            [_, ..] if event == "UPDATE" => format!("UPDATE OF {}", columns.iter().map(Ident::quoted).collect::<Vec<_>>().join(", ")),
            _ => event.clone(),
        };
        let events = events.iter().map(event).collect::<Vec<_>>().join(" OR ");
        let when = when.as_ref().map(|when| format!(" WHEN ({when})")).unwrap_or_default();
        let arguments = arguments.iter().map(|argument| quote_literal(argument)).collect::<Vec<_>>().join(", ");
        let clauses = self.clauses();
        format!("{verb} {constraint}TRIGGER {name} {timing} {events} ON {table} {clauses}{when} EXECUTE FUNCTION {function}({arguments})")
    }

    fn make(&self, id: &ObjectId, verb: &str, words: &str, cx: &Cx<'_>) -> Vec<Step> {
        let step = Step::new(self.definition(id, verb), format!("{words} trigger {}", id.spelled()));
        let mut steps = vec![locked(step, id, LockMode::ShareRowExclusive, cx)];
        if self.firing != Firing::Origin {
            steps.extend(fire(id, self.firing, cx));
        }
        steps
    }
}

/// The step with a lock on the trigger's table, where that was there before.
fn locked(step: Step, id: &ObjectId, mode: LockMode, cx: &Cx<'_>) -> Step {
    let Some((table, _)) = id.qname().and_then(|name| cx.from.relation(name)).filter(|(table, _)| cx.stays(table)) else { return step };
    table.qname().into_iter().fold(step, |step, name| step.lock(name, mode))
}

/// `ALTER TABLE .. ENABLE TRIGGER`, which takes a partition's copies along.
fn fire(id: &ObjectId, firing: Firing, cx: &Cx<'_>) -> Option<Step> {
    let Key::OnRelation(table, name) = &id.key else { return None };
    let sql = format!("ALTER TABLE {table} {} TRIGGER {name}", firing.clause());
    Some(locked(Step::new(sql, format!("change when trigger {} fires", id.spelled())), id, LockMode::ShareRowExclusive, cx))
}

/// Copies of a trigger, and copies of those, that fire otherwise.
fn copies<'a>(id: &ObjectId, catalog: &'a Catalog) -> Vec<(&'a ObjectId, Firing)> {
    let mut found: Vec<(&ObjectId, Firing)> = Vec::new();
    let mut open = vec![id];
    while let Some(source) = open.pop() {
        for (copy, entry) in catalog.iter().filter(|(copy, entry)| copy.kind == Kind::Trigger && entry.needs.contains(source)) {
            if let Object::Trigger(trigger) = &entry.object
                && trigger.inherited
                && !found.iter().any(|(known, _)| *known == copy)
            {
                found.push((copy, trigger.firing));
                open.push(copy);
            }
        }
    }
    found
}

/// Copies are made anew where a partition leaves its parent and comes back: lets those of a table and of its partitions fire in their own way
/// again (`CloneRowTriggersToPartition` of src/backend/commands/tablecmds.c gives them the parent's).
pub fn fire_copies(table: &QName, cx: &Cx<'_>) -> Vec<Step> {
    let tables = [table.clone()].into_iter().chain(super::family::descendants(table, cx));
    let triggers: Vec<ObjectId> = tables.flat_map(|table| cx.to.children(&super::family::table(&table)).cloned().collect::<Vec<_>>()).collect();
    let own = |id: &ObjectId| match cx.to.get(id).map(|entry| (&entry.object, &entry.needs)) {
        Some((Object::Trigger(trigger), needs)) if trigger.inherited => {
            let has_source = needs.iter().filter(|need| need.kind == Kind::Trigger).all(|source| cx.stays(source));
            has_source.then(|| fire(id, trigger.firing, cx)).flatten()
        }
        _ => None,
    };
    triggers.iter().filter_map(own).collect()
}

/// Where `id`, a partition's copy, no longer fires in its own way: what it is a copy of, if it stays.
fn rejoin(id: &ObjectId, cx: &Cx<'_>) -> Option<Step> {
    let source = cx.from.get(id)?.needs.iter().find(|need| need.kind == Kind::Trigger && cx.stays(need))?;
    let firing = match cx.to.object(source)? {
        Object::Trigger(trigger) => trigger.firing,
        _ => return None,
    };
    let table = id.qname().and_then(|name| cx.to.relation(name));
    table.filter(|(table, _)| cx.stays(table)).and_then(|_| fire(id, firing, cx))
}

impl ObjectDef for Trigger {
    const KIND: Kind = Kind::Trigger;
    const QUERY: &'static str = include_str!("trigger.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let table = row.qname("nspname", "relname")?;
        let id = ObjectId::on(Kind::Trigger, table.clone(), row.ident("tgname")?);
        let text: String = row.get("definition")?;
        let error = |source| ReadError::Text { object: id.to_string(), source };
        let statement = match sql::parse_printed(&text).map_err(error)?.node {
            Some(NodeEnum::CreateTrigStmt(statement)) => statement,
            _ => return Err(ReadError::Unknown { object: id.to_string(), column: "definition", value: text }),
        };
        let trigger = Self {
            function: row.qname("function_schema", "function_name")?,
            firing: Firing::read(row, "tgenabled", &id)?,
            inherited: row.get("inherited")?,
            ..Self::of_statement(&statement).map_err(error)?
        };
        let kind = if row.char("relkind")? == 'v' { Kind::View } else { Kind::Table };
        let parent = ObjectId::in_schema(kind, table.clone());
        let [schemas, names] = ["above_schemas", "above_names"].map(|column| row.get::<Option<Vec<String>>>(column).map(Option::unwrap_or_default));
        // From the table itself to the topmost one.
        let tables = schemas?.into_iter().zip(names?).map(|(schema, name)| ObjectId::in_schema(Kind::Table, QName::new(schema.as_str(), name.as_str())));
        let tables: Vec<ObjectId> = tables.collect();
        let links = tables.iter().zip(tables.iter().skip(1)).filter_map(|(below, above)| ObjectId::link_between(below, above));
        Ok(Some(Found { needs: links.collect(), ..Found::child(id, trigger, parent) }))
    }

    fn inline(&self, _: &ObjectId, _: &Cx<'_>) -> bool {
        false
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step> {
        if self.inherited {
            return fire(id, self.firing, cx).into_iter().collect();
        }
        self.make(id, "CREATE", "create", cx)
    }

    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        if self.inherited {
            return rejoin(id, cx).into_iter().collect();
        }
        let step = Step::new(format!("DROP TRIGGER {}", id.spelled()), format!("drop trigger {}", id.spelled()));
        let step = locked(step, id, LockMode::AccessExclusive, cx);
        let gone = !cx.to.contains(id);
        vec![if gone { step.hazard(Hazard::Breaks(format!("{} is no longer called", self.function))) } else { step }]
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change {
        let Self { constraint, firing, inherited, .. } = pair.to;
        let redefined = Self { firing: *firing, ..pair.from.clone() } != *pair.to;
        let mut steps = match (*inherited, redefined) {
            (true, true) if pair.from.inherited => fire(id, *firing, cx).into_iter().collect(),
            // CREATE OR REPLACE takes neither constraint triggers nor copies.
            (_, true) if *constraint || pair.from.constraint || *inherited || pair.from.inherited => return Change::Replace,
            // It makes the trigger fire as a new one does, its copies too.
            (_, true) => pair.to.make(id, "CREATE OR REPLACE", "change", cx),
            (_, false) => fire(id, *firing, cx).into_iter().collect(),
        };
        // What is made anew comes with statements of its own: partitions that are attached again.
        for (copy, firing) in copies(id, cx.to).into_iter().filter(|(copy, _)| !cx.created.contains(copy)) {
            steps.extend(fire(copy, firing, cx));
        }
        Change::InPlace(steps)
    }

    fn rebind(_: &ObjectId, _: Pair<&Self>, _: &ObjectId, _: &Cx<'_>) -> Option<Change> {
        None
    }

    /// A trigger needs a column only for UPDATE OF or WHEN, and then PostgreSQL refuses to change the column's type.
    fn withstands(&self, _: &ObjectId, disturbed: &ObjectId) -> bool {
        disturbed.kind != Kind::Column
    }

    /// Copies are objects only where no statement on the parent table says what they do.
    fn inherited(&self) -> bool {
        false
    }

    fn slots(&self, _: &ObjectId) -> Vec<Slot> {
        Vec::new()
    }

    fn exprs(&mut self) -> Vec<&mut Expr> {
        self.when.iter_mut().collect()
    }

    fn renamed(&mut self, id: &ObjectId, from: &ObjectId, to: &ObjectId) {
        match (&from.key, &to.key) {
            (Key::Routine(old, _), Key::Routine(new, _)) if self.function == *old => self.function = new.clone(),
            (Key::InSchema(old), Key::InSchema(new)) if self.referenced.as_ref() == Some(old) => self.referenced = Some(new.clone()),
            (Key::OnRelation(table, old), Key::OnRelation(_, new)) if from.kind == Kind::Column && id.qname() == Some(table) => {
                for column in self.columns.iter_mut().filter(|column| *column == old) {
                    *column = new.clone();
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Entry;
    use crate::object::table::{Persistence, ReplicaIdentity, Table};

    fn trigger(text: &str) -> Result<Trigger, ParseError> {
        match sql::parse_one(text)?.node {
            Some(NodeEnum::CreateTrigStmt(statement)) => Trigger::of_statement(&statement),
            _ => Err(ParseError::whole("no trigger")),
        }
    }

    fn table() -> Table {
        Table {
            persistence: Persistence::Permanent,
            partition_key: None,
            foreign: None,
            of_type: None,
            options: crate::model::Options::new(),
            toast_options: crate::model::Options::new(),
            access_method: None,
            tablespace: None,
            replica_identity: ReplicaIdentity::Default,
            clustered: false,
            row_security: false,
            force_row_security: false,
        }
    }

    fn sql_of(steps: Vec<Step>) -> Vec<String> {
        steps.into_iter().map(|step| step.sql).collect()
    }

    #[test]
    fn statements_come_back_in_one_spelling() -> Result<(), ParseError> {
        let id = ObjectId::on(Kind::Trigger, QName::new("s", "t"), "X y");
        let round = |text: &str| trigger(text).map(|trigger| trigger.definition(&id, "CREATE"));
        for text in [
            "CREATE TRIGGER \"X y\" BEFORE INSERT OR UPDATE OF a, b ON s.t FOR EACH ROW WHEN (new.a > 1) EXECUTE FUNCTION s.f('x', 'it''s', E'b\\\\s')",
            "CREATE TRIGGER \"X y\" AFTER UPDATE ON s.t REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION s.f()",
            "CREATE CONSTRAINT TRIGGER \"X y\" AFTER INSERT ON s.t FROM s.\"R\" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION s.f()",
            "CREATE TRIGGER \"X y\" INSTEAD OF DELETE ON s.t FOR EACH ROW EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()",
        ] {
            assert_eq!(round(text)?, text);
        }
        let loose = "create or replace trigger z before update of A on s.t for each row when ((NEW.a>1)) execute procedure f()";
        assert_eq!(round(loose)?, "CREATE TRIGGER \"X y\" BEFORE UPDATE OF a ON s.t FOR EACH ROW WHEN (new.a > 1) EXECUTE FUNCTION pg_catalog.f()");
        assert_eq!(trigger(loose)?.columns, [Ident::new("a")]);
        Ok(())
    }

    #[test]
    fn replacing_does_not_enable() -> Result<(), ParseError> {
        let (mut catalog, created) = (Catalog::empty(17), BTreeSet::new());
        let [parent, part] = ["t", "p"].map(|name| ObjectId::in_schema(Kind::Table, QName::new("s", name)));
        let [id, copy] = ["t", "p"].map(|name| ObjectId::on(Kind::Trigger, QName::new("s", name), "x"));
        let from = Trigger { firing: Firing::Disabled, ..trigger("CREATE TRIGGER x AFTER INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION s.f()")? };
        let to = Trigger { when: Some(Expr::new("new.a")), ..from.clone() };
        catalog.insert(parent.clone(), Entry::new(table(), None));
        catalog.insert(part.clone(), Entry::new(table(), None));
        catalog.insert(id.clone(), Entry::new(from.clone(), Some(parent)));
        let odd = Trigger { firing: Firing::Always, inherited: true, ..from.clone() };
        catalog.insert(copy.clone(), Entry::new(odd.clone(), Some(part)).needing([id.clone()]));
        let cx = Cx { from: &catalog, to: &catalog, online: true, created: &created };
        let Change::InPlace(steps) = Trigger::alter(&id, Pair::new(&from, &to), &cx) else { return Err(ParseError::whole("replaced")) };
        assert_eq!(
            sql_of(steps),
            [
                "CREATE OR REPLACE TRIGGER x AFTER INSERT ON s.t FOR EACH ROW WHEN (new.a) EXECUTE FUNCTION s.f()",
                "ALTER TABLE s.t DISABLE TRIGGER x",
                "ALTER TABLE s.p ENABLE ALWAYS TRIGGER x"
            ]
        );
        assert_eq!(sql_of(odd.create(&copy, &BTreeSet::new(), &cx)), ["ALTER TABLE s.p ENABLE ALWAYS TRIGGER x"]);
        assert_eq!(sql_of(odd.drop(&copy, &cx)), ["ALTER TABLE s.p DISABLE TRIGGER x"]);
        assert_eq!(Trigger::alter(&id, Pair::new(&from, &Trigger { constraint: true, ..from.clone() }), &cx), Change::Replace);
        Ok(())
    }
}
