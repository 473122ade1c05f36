//! Foreign servers. Key: `Key::Global`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Ident, ObjectId, Options, Pair, Step, quote_literal};

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
    pub options: Options,
}

impl ObjectDef for Server {
    const KIND: Kind = Kind::Server;
    const QUERY: &'static str = include_str!("server.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self {
            wrapper: row.ident("fdwname")?,
            server_type: row.get("srvtype")?,
            server_version: row.get("srvversion")?,
            options: row.options("srvoptions")?,
        };
        Ok(Some(Found::new(ObjectId::global(Kind::Server, row.ident("srvname")?), object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { wrapper, server_type, server_version, options } = self;
        let mut clauses = vec![format!("CREATE {}", id.address())];
        clauses.extend(server_type.as_ref().map(|text| format!("TYPE {}", quote_literal(text))));
        clauses.extend(server_version.as_ref().map(|text| format!("VERSION {}", quote_literal(text))));
        clauses.push(format!("FOREIGN DATA WRAPPER {wrapper}"));
        clauses.extend(plain::foreign_options(options));
        plain::create(id, clauses.join(" "))
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
        clauses.extend(plain::foreign_option_changes(Pair::new(&pair.from.options, options)));
        Change::InPlace(vec![plain::change(id, &clauses.join(" "))])
    }

    stands_alone!();
}
