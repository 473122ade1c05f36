//! Foreign servers. Key: `Key::Global`.

use std::collections::BTreeSet;

use pg_query::protobuf;
use serde::{Deserialize, Serialize};

use super::foreign_options::ForeignOptions;
use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, DdlError, Found, Kind, Object, ObjectDef, ReadError, Reading, Session, Slot, rename};
use crate::model::{Entry, Expr, Ident, ObjectId, Pair, Step, quote_literal};

/// A foreign server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// The wrapper.
    pub wrapper: Ident,
    /// TYPE.
    pub server_type: Option<String>,
    /// VERSION.
    pub server_version: Option<String>,
    /// OPTIONS.
    pub options: ForeignOptions,
}

impl ObjectDef for Server {
    const KIND: Kind = Kind::Server;
    const QUERY: &'static str = include_str!("server.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_foreign_server", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self {
            wrapper: row.ident("fdwname")?,
            server_type: row.get("srvtype")?,
            server_version: row.get("srvversion")?,
            options: ForeignOptions::read(row, "srvoptions")?,
        };
        Ok(Some(Found::new(ObjectId::global(Kind::Server, row.ident("srvname")?), object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { wrapper, server_type, server_version, options } = self;
        let mut clauses = vec![format!("CREATE {}", id.address())];
        clauses.extend(server_type.as_ref().map(|text| format!("TYPE {}", quote_literal(text))));
        clauses.extend(server_version.as_ref().map(|text| format!("VERSION {}", quote_literal(text))));
        clauses.push(format!("FOREIGN DATA WRAPPER {wrapper}"));
        clauses.extend(options.clause());
        plain::create(id, clauses.join(" ")).into_iter().map(|step| options.created(step)).collect()
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self { wrapper, server_type, server_version, options } = pair.to;
        if pair.from.wrapper != *wrapper || pair.from.server_type != *server_type {
            return Change::Replace;
        }
        let mut clauses = Vec::new();
        if pair.from.server_version != *server_version {
            let version = plain::literal(server_version.as_ref()).unwrap_or_else(|| "NULL".to_owned());
            clauses.push(format!("VERSION {version}"));
        }
        clauses.extend(ForeignOptions::changes(Pair::new(&pair.from.options, options)));
        Change::InPlace(vec![plain::change(id, &clauses.join(" "))])
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        plain::drop(id).into_iter().map(|step| self.options.dropped(step)).collect()
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        rename::follow_global(Kind::ForeignDataWrapper, &mut self.wrapper, from, to);
    }

    stands_alone!(keeping drop);
}

/// CREATE SERVER.
///
/// # Errors
/// Where the wrapper does not exist, or the server does.
pub fn interpret_create(stmt: &protobuf::CreateForeignServerStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = ObjectId::global(Kind::Server, stmt.servername.as_str());
    if stmt.if_not_exists && session.catalog.contains(&id) {
        return Ok(());
    }
    let wrapper = session.wrapper(&stmt.fdwname)?;
    let mut options = ForeignOptions::new();
    options.say(&stmt.options)?;
    let said = |text: &String| (!text.is_empty()).then(|| text.clone());
    let server = Server {
        wrapper: Ident::new(&stmt.fdwname),
        server_type: said(&stmt.servertype),
        server_version: said(&stmt.version),
        options,
    };
    session.add(id, Entry::new(server, None).needing([wrapper]))
}

/// ALTER SERVER.
///
/// # Errors
/// Where it does not exist, or an option is not as it says.
pub fn interpret_alter(stmt: &protobuf::AlterForeignServerStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = ObjectId::global(Kind::Server, stmt.servername.as_str());
    let Some(Object::Server(server)) = session.catalog.get_mut(&id).map(|entry| &mut entry.object) else {
        return Err(DdlError::Missing { what: "server", name: id.spelled() });
    };
    if stmt.has_version {
        server.server_version = (!stmt.version.is_empty()).then(|| stmt.version.clone());
    }
    server.options.say(&stmt.options)
}
