//! CREATE, ALTER and DROP SUBSCRIPTION.

use std::borrow::Cow;

use pg_query::protobuf::{self, AlterSubscriptionType as Type, DefElem, DefElemAction};
use pg_query::{Node, NodeEnum};

use super::{Connection, Subscription};
use crate::model::{Entry, Ident, ObjectId, quote_literal};
use crate::object::generic::behavior;
use crate::object::{DdlError, Kind, Object, Session};
use crate::sql::{self, ParseError};
use crate::sql::literal::{def_elems, flag, names, string_node, value};

/// CREATE SUBSCRIPTION.
///
/// # Errors
/// Where it exists, or a parameter is none.
pub fn interpret_create(stmt: &protobuf::CreateSubscriptionStmt, session: &mut Session) -> Result<(), DdlError> {
    let name = Ident::new(&stmt.subname);
    let mut subscription = Subscription::plain(&name, session.major());
    subscription.connection = Connection::new(Some(&stmt.conninfo));
    subscription.publications = names(&stmt.publication);
    say(&mut subscription, &stmt.options)?;
    session.add(ObjectId::global(Kind::Subscription, name), Entry::new(subscription, None))
}

fn say(subscription: &mut Subscription, options: &[Node]) -> Result<(), DdlError> {
    for option in def_elems(options) {
        let text = || value(option).map(Option::unwrap_or_default);
        match option.defname.as_str() {
            // What to do once; whether it runs is operation.
            "connect" | "enabled" | "create_slot" | "copy_data" | "refresh" | "lsn" => {}
            "slot_name" => subscription.slot = Some(text()?).filter(|name| name != "none"),
            "synchronous_commit" => subscription.synchronous_commit = text()?,
            "binary" => subscription.binary = flag(option)?,
            "streaming" => {
                let said = text()?.to_ascii_lowercase();
                subscription.streaming = if said == "parallel" { said } else if flag(option)? { "on".to_owned() } else { "off".to_owned() };
            }
            "two_phase" => subscription.two_phase = flag(option)?,
            "disable_on_error" => subscription.disable_on_error = flag(option)?,
            "password_required" => subscription.password_required = flag(option)?,
            "run_as_owner" => subscription.run_as_owner = flag(option)?,
            "origin" => subscription.origin = text()?.to_ascii_lowercase(),
            "failover" => subscription.failover = flag(option)?,
            other => return Err(DdlError::Invalid(format!("unrecognized subscription parameter: \"{other}\""))),
        }
    }
    Ok(())
}

/// ALTER SUBSCRIPTION.
///
/// # Errors
/// Where it does not exist, or a parameter or publication is not as it says.
pub fn interpret_alter(stmt: &protobuf::AlterSubscriptionStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = ObjectId::global(Kind::Subscription, stmt.subname.as_str());
    let Some(Object::Subscription(subscription)) = session.catalog.get_mut(&id).map(|entry| &mut entry.object) else {
        return Err(DdlError::Missing { what: "subscription", name: id.spelled() });
    };
    let named = names(&stmt.publication);
    match stmt.kind() {
        Type::AlterSubscriptionOptions => say(subscription, &stmt.options)?,
        Type::AlterSubscriptionConnection => subscription.connection = Connection::new(Some(&stmt.conninfo)),
        Type::AlterSubscriptionSetPublication => subscription.publications = named,
        Type::AlterSubscriptionAddPublication => subscription.publications.extend(named),
        Type::AlterSubscriptionDropPublication => subscription.publications.retain(|name| !named.contains(name)),
        Type::AlterSubscriptionRefresh | Type::AlterSubscriptionEnabled | Type::AlterSubscriptionSkip | Type::Undefined => {}
    }
    Ok(())
}

/// DROP SUBSCRIPTION.
///
/// # Errors
/// Where it does not exist, without IF EXISTS.
pub fn interpret_drop(stmt: &protobuf::DropSubscriptionStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = ObjectId::global(Kind::Subscription, stmt.subname.as_str());
    match session.catalog.contains(&id) {
        true => session.drop(&id, behavior(stmt.behavior())),
        false if stmt.missing_ok => Ok(()),
        false => Err(DdlError::Missing { what: "subscription", name: id.spelled() }),
    }
}

/// A statement as it may run on a scratch server, where it must reach no publisher: subscriptions are created without connecting, are never
/// enabled or refreshed, and let go of their slots before they are dropped.
///
/// # Errors
/// Where a statement about a subscription cannot be rewritten.
pub fn harmless(sql: &str) -> Result<Cow<'_, str>, ParseError> {
    let about = sql.as_bytes().windows(12).any(|word| word.eq_ignore_ascii_case(b"subscription"));
    let Some(mut node) = about.then(|| sql::parse_one(sql).ok()).flatten() else { return Ok(Cow::Borrowed(sql)) };
    match &mut node.node {
        Some(NodeEnum::CreateSubscriptionStmt(stmt)) => {
            stmt.options = without(&stmt.options, &["connect", "enabled", "create_slot", "copy_data"]);
            stmt.options.push(off("connect"));
        }
        Some(NodeEnum::AlterSubscriptionStmt(stmt)) => match stmt.kind() {
            Type::AlterSubscriptionRefresh | Type::AlterSubscriptionEnabled | Type::AlterSubscriptionSkip => return Ok(Cow::Borrowed("")),
            Type::AlterSubscriptionSetPublication | Type::AlterSubscriptionAddPublication | Type::AlterSubscriptionDropPublication => {
                stmt.options = without(&stmt.options, &["refresh", "copy_data"]);
                stmt.options.push(off("refresh"));
            }
            _ => {}
        },
        Some(NodeEnum::DropSubscriptionStmt(stmt)) => {
            let name = Ident::new(&stmt.subname);
            let there = format!("EXISTS (SELECT FROM pg_catalog.pg_subscription WHERE subname = {})", quote_literal(name.as_str()));
            let body = format!(
                "BEGIN IF {there} THEN ALTER SUBSCRIPTION {name} DISABLE; ALTER SUBSCRIPTION {name} SET (slot_name = NONE); END IF; END"
            );
            return Ok(Cow::Owned(format!("DO {}; {sql}", quote_literal(&body))));
        }
        _ => return Ok(Cow::Borrowed(sql)),
    }
    sql::deparse_stmt(&node).map(Cow::Owned)
}

fn off(name: &str) -> Node {
    let arg = Some(Box::new(string_node("false")));
    let option = DefElem { defname: name.to_owned(), arg, defaction: DefElemAction::DefelemUnspec.into(), ..DefElem::default() };
    Node { node: Some(NodeEnum::DefElem(Box::new(option))) }
}

fn without(options: &[Node], gone: &[&str]) -> Vec<Node> {
    let is_gone = |node: &Node| matches!(&node.node, Some(NodeEnum::DefElem(option)) if gone.contains(&option.defname.as_str()));
    options.iter().filter(|node| !is_gone(node)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_connects_from_a_scratch_server() {
        let text = |sql: &str| harmless(sql).map(Cow::into_owned).unwrap_or_default();
        let create = text("CREATE SUBSCRIPTION s CONNECTION 'host=h' PUBLICATION p, q WITH (slot_name = 'x', enabled, copy_data = true)");
        assert_eq!(create, "CREATE SUBSCRIPTION s CONNECTION 'host=h' PUBLICATION p, q WITH (slot_name = 'x', connect = false)");
        assert_eq!(text("ALTER SUBSCRIPTION s ENABLE"), "");
        assert_eq!(text("ALTER SUBSCRIPTION s REFRESH PUBLICATION"), "");
        assert!(text("ALTER SUBSCRIPTION s ADD PUBLICATION r").ends_with("WITH (refresh = false)"));
        assert!(text("DROP SUBSCRIPTION IF EXISTS s").contains("slot_name = NONE"));
        assert_eq!(text("COMMENT ON SUBSCRIPTION s IS 'x'"), "COMMENT ON SUBSCRIPTION s IS 'x'");
    }
}
