//! Triggers.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{CatalogRow, Change, Cx, Found, Kind, Object, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Catalog, Expr, Hazard, Ident, Key, LockMode, ObjectId, Pair, QName, Step, quote_literal};
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

/// A trigger of a table or view; a partition's copies of its parent's triggers are not objects, but how they fire is (see
/// `inherited`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// CREATE CONSTRAINT TRIGGER.
    pub constraint: bool,
    /// What follows the name, up to WHEN or EXECUTE: `BEFORE UPDATE OF a ON s.t FOR EACH ROW`.
    pub event: String,
    /// Columns of UPDATE OF.
    pub columns: Vec<Ident>,
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

/// The text of a string node.
fn text_of(node: &Node) -> Option<&str> {
    match node.node.as_ref()? {
        NodeEnum::String(text) => Some(&text.sval),
        _ => None,
    }
}

impl Trigger {
    /// What a CREATE TRIGGER statement says, its names qualified. Functions without a schema are PostgreSQL's own.
    ///
    /// # Errors
    /// A tree that does not deparse.
    pub fn of_statement(statement: &protobuf::CreateTrigStmt) -> Result<Self, ParseError> {
        const NAME: &str = "x";
        let mut bare = statement.clone();
        let when = bare.when_clause.take().map(|when| sql::deparse_expr(&when)).transpose()?.map(Expr::new);
        bare.replace = false;
        bare.trigname = NAME.to_owned();
        bare.args.clear();
        bare.funcname = vec![Node { node: Some(NodeEnum::String(protobuf::String { sval: NAME.to_owned() })) }];
        let text = sql::deparse_stmt(&Node { node: Some(NodeEnum::CreateTrigStmt(Box::new(bare))) })?;
        let event = text
            .split_once(" TRIGGER x ")
            .and_then(|(_, rest)| rest.strip_suffix(" EXECUTE FUNCTION x()"))
            .ok_or_else(|| ParseError::whole("the trigger does not deparse"))?;
        let function: Vec<&str> = statement.funcname.iter().filter_map(text_of).collect();
        let function = match function.as_slice() {
            [.., schema, name] => QName::new(*schema, *name),
            [name] => QName::new("pg_catalog", *name),
            [] => return Err(ParseError::whole("the trigger has no function")),
        };
        Ok(Self {
            constraint: statement.isconstraint,
            event: event.to_owned(),
            columns: statement.columns.iter().filter_map(text_of).map(Ident::new).collect(),
            when,
            function,
            arguments: statement.args.iter().filter_map(text_of).map(str::to_owned).collect(),
            firing: Firing::Origin,
            inherited: false,
        })
    }

    fn definition(&self, id: &ObjectId, verb: &str) -> String {
        let Self { constraint, event, columns: _, when, function, arguments, firing: _, inherited: _ } = self;
        let constraint = if *constraint { "CONSTRAINT " } else { "" };
        let name = id.name().map(Ident::quoted).unwrap_or_default();
        let when = when.as_ref().map(|when| format!(" WHEN ({when})")).unwrap_or_default();
        let arguments = arguments.iter().map(|argument| quote_literal(argument)).collect::<Vec<_>>().join(", ");
        format!("{verb} {constraint}TRIGGER {name} {event}{when} EXECUTE FUNCTION {function}({arguments})")
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
        let statement = match sql::parse_one(&text).map_err(error)?.node {
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
        let link = row.opt_qname("parent_schema", "parent_name")?.and_then(|above| {
            let above = ObjectId::in_schema(Kind::Table, above);
            ObjectId::link_between(&parent, &above)
        });
        Ok(Some(Found { needs: link.into_iter().collect(), ..Found::child(id, trigger, parent) }))
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
        let Self { constraint, event: _, columns: _, when: _, function: _, arguments: _, firing, inherited } = pair.to;
        let redefined = Self { firing: *firing, ..pair.from.clone() } != *pair.to;
        let mut steps = match (*inherited, redefined) {
            (true, true) if pair.from.inherited => fire(id, *firing, cx).into_iter().collect(),
            // CREATE OR REPLACE takes neither constraint triggers nor copies.
            (_, true) if *constraint || pair.from.constraint || *inherited || pair.from.inherited => return Change::Replace,
            // It makes the trigger fire as a new one does, its copies too.
            (_, true) => pair.to.make(id, "CREATE OR REPLACE", "change", cx),
            (_, false) => fire(id, *firing, cx).into_iter().collect(),
        };
        for (copy, firing) in copies(id, cx.to) {
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
            "CREATE TRIGGER \"X y\" AFTER UPDATE ON s.t REFERENCING OLD TABLE o NEW TABLE n EXECUTE FUNCTION s.f()",
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
