//! The database itself, of which files may say a comment, privileges, security labels and settings. It is in every catalog, and its name in
//! none: the files and plans of a database are for it whatever it is called. Key: `Key::Global`, one for all.

use std::collections::BTreeSet;

use pg_query::{Node, NodeEnum};
use serde::{Deserialize, Serialize};

use super::plain::stands_alone;
use super::{CatalogRow, Change, Cx, DdlError, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Catalog, Entry, Expr, Ident, ObjectId, Pair, Step, quote_literal};
use crate::sql::protobuf::{AlterDatabaseStmt, AlterRoleSetStmt, CommentStmt, GrantStmt, ObjectType};
use crate::sql::{self, ParseError, literal};

/// The database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Database {}

/// The identity of the database that a catalog is of.
pub fn this() -> ObjectId {
    ObjectId::global(Kind::Database, "current_database")
}

/// What initdb and CREATE DATABASE make.
pub fn add(catalog: &mut Catalog) {
    catalog.insert(this(), Entry::new(Database {}, None));
}

/// What is said of the database itself.
pub fn said(catalog: &Catalog) -> BTreeSet<ObjectId> {
    let settings = catalog.of_kind(Kind::DatabaseSettings).map(|(id, _)| id);
    catalog.children(&this()).chain(settings).cloned().collect()
}

/// A name that no statement has, for the place of the database's.
const PLACE: &str = "\u{1}";

/// The statement that `statement` makes for the name of a database, as one for any name.
pub fn whatever_its_name(statement: impl FnOnce(&str) -> String) -> String {
    let template = statement(PLACE).replace('%', "%%").replace(PLACE, "%I");
    block(&format!("BEGIN EXECUTE pg_catalog.format({}, pg_catalog.current_database()); END", quote_literal(&template)))
}

/// DO, in quotes that the body does not have.
pub fn block(body: &str) -> String {
    let mut tag = "$$".to_owned();
    while body.contains(tag.as_str()) {
        tag = format!("${}$", "x".repeat(tag.len() - 1));
    }
    format!("DO {tag} {body} {tag}")
}

/// The statements that `EXECUTE <expression>` runs, where it is made of texts and of the database's name alone.
pub fn executed(expression: &str) -> Option<String> {
    text_of(&sql::parse_expr(expression).ok()?)
}

fn text_of(node: &Node) -> Option<String> {
    match node.node.as_ref()? {
        NodeEnum::AConst(_) => literal::string(node).map(str::to_owned),
        NodeEnum::TypeCast(cast) => text_of(cast.arg.as_deref()?),
        NodeEnum::AExpr(expr) if literal::names(&expr.name) == ["||"] => {
            Some(text_of(expr.lexpr.as_deref()?)? + &text_of(expr.rexpr.as_deref()?)?)
        }
        NodeEnum::FuncCall(call) => match (literal::names(&call.funcname).pop()?.as_str(), call.args.as_slice()) {
            ("current_database", []) => Some(this().spelled()),
            ("quote_ident", [name]) => Some(Ident::new(&text_of(name)?).quoted()),
            ("quote_literal", [text]) => Some(quote_literal(&text_of(text)?)),
            ("format", [template, arguments @ ..]) => {
                let arguments: Vec<String> = arguments.iter().map(text_of).collect::<Option<_>>()?;
                format_of(&text_of(template)?, &arguments)
            }
            _ => None,
        },
        _ => None,
    }
}

/// `format` with the conversions `%s`, `%I` and `%L`, and nothing between the sign and the letter.
fn format_of(template: &str, arguments: &[String]) -> Option<String> {
    let (mut text, mut rest, mut arguments) = (String::new(), template, arguments.iter());
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        let letter = after.chars().next()?;
        match letter {
            '%' => text.push('%'),
            's' => text.push_str(arguments.next()?),
            'I' => text.push_str(&Ident::new(arguments.next()?).quoted()),
            'L' => text.push_str(&quote_literal(arguments.next()?)),
            _ => return None,
        }
        rest = after.get(letter.len_utf8()..)?;
    }
    Some(text + rest)
}

/// A statement about a database as it may run in another one: whatever name is in it, this one is meant.
///
/// # Errors
/// Where it cannot be rewritten.
pub fn renamed(mut node: Node) -> Result<Option<String>, ParseError> {
    const STAND_IN: &str = "trueup_this_database";
    let place = || vec![literal::string_node(STAND_IN)];
    match node.node.as_mut() {
        Some(NodeEnum::AlterDatabaseSetStmt(stmt)) => STAND_IN.clone_into(&mut stmt.dbname),
        Some(NodeEnum::AlterRoleSetStmt(stmt)) if !stmt.database.is_empty() => STAND_IN.clone_into(&mut stmt.database),
        Some(NodeEnum::CommentStmt(stmt)) if stmt.objtype() == ObjectType::ObjectDatabase => {
            stmt.object = place().pop().map(Box::new);
        }
        Some(NodeEnum::SecLabelStmt(stmt)) if stmt.objtype() == ObjectType::ObjectDatabase => {
            stmt.object = place().pop().map(Box::new);
        }
        Some(NodeEnum::GrantStmt(stmt)) if stmt.objtype() == ObjectType::ObjectDatabase => stmt.objects = place(),
        _ => return Ok(None),
    }
    let text = sql::deparse_stmt(&node)?;
    Ok(Some(whatever_its_name(|name| text.replacen(STAND_IN, name, 1))))
}

/// What a statement says of the database, by the kind of object that says it.
pub fn spoken_of(node: &NodeEnum) -> Option<Kind> {
    let database = ObjectType::ObjectDatabase;
    match node {
        NodeEnum::AlterDatabaseSetStmt(_) => Some(Kind::DatabaseSettings),
        NodeEnum::AlterRoleSetStmt(AlterRoleSetStmt { database, .. }) if !database.is_empty() => Some(Kind::DatabaseSettings),
        NodeEnum::CommentStmt(stmt) if CommentStmt::objtype(stmt) == database => Some(Kind::Comment),
        NodeEnum::SecLabelStmt(stmt) if stmt.objtype() == database => Some(Kind::SecurityLabel),
        NodeEnum::GrantStmt(stmt) if GrantStmt::objtype(stmt) == database => Some(Kind::Privileges),
        _ => None,
    }
}

/// ALTER DATABASE .. WITH, and SET TABLESPACE.
pub fn not_altered(stmt: &AlterDatabaseStmt) -> DdlError {
    let options: Vec<String> = literal::def_elems(&stmt.options).map(|option| option.defname.to_uppercase()).collect();
    servers(&options.join(" "))
}

/// Why a file cannot say which version of a locale there is.
pub fn not_refreshed() -> DdlError {
    servers("REFRESH COLLATION VERSION")
}

fn servers(what: &str) -> DdlError {
    DdlError::Invalid(format!("ALTER DATABASE .. {what}: that is the server's, and no schema"))
}

impl ObjectDef for Database {
    const KIND: Kind = Kind::Database;
    const QUERY: &'static str = "SELECT 'pg_catalog.pg_database'::pg_catalog.regclass::pg_catalog.oid AS classid, d.oid AS objid, 0 AS objsubid \
         FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()";

    fn read(_: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        Ok(Some(Found::new(this(), Self {})))
    }

    /// It is there where statements run.
    fn create(&self, _: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        Vec::new()
    }

    fn alter(_: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self {} = pair.to;
        Change::InPlace(Vec::new())
    }

    fn drop(&self, _: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        Vec::new()
    }

    stands_alone!(keeping drop);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_database_does_not_matter() {
        let text = whatever_its_name(|name| format!("COMMENT ON DATABASE {name} IS '100 %, $$'"));
        assert_eq!(
            text,
            "DO $x$ BEGIN EXECUTE pg_catalog.format('COMMENT ON DATABASE %I IS ''100 %%, $$''', pg_catalog.current_database()); END $x$"
        );
        let expression = text.split_once("EXECUTE ").and_then(|(_, rest)| rest.split_once("; END")).map(|(expression, _)| expression);
        assert_eq!(expression.and_then(executed).as_deref(), Some("COMMENT ON DATABASE current_database IS '100 %, $$'"));
        assert_eq!(
            executed("'ALTER DATABASE ' || quote_ident(current_database()) || ' RESET ALL'").as_deref(),
            Some("ALTER DATABASE current_database RESET ALL")
        );
        assert_eq!(executed("'DROP TABLE ' || name"), None);
    }

    #[test]
    fn statements_are_about_this_database() -> Result<(), ParseError> {
        let text = renamed(sql::parse_one("GRANT CONNECT ON DATABASE app TO joe")?)?.unwrap_or_default();
        assert!(text.contains("GRANT connect ON DATABASE %I TO joe") || text.contains("GRANT CONNECT ON DATABASE %I TO joe"), "{text}");
        assert_eq!(renamed(sql::parse_one("ALTER ROLE joe SET jit = off")?)?, None);
        Ok(())
    }
}
