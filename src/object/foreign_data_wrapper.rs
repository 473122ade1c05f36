//! Foreign-data wrappers. Key: `Key::Global`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, ObjectId, Options, Pair, QName, Step};

/// A foreign-data wrapper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignDataWrapper {
    /// HANDLER.
    pub handler: Option<QName>,
    /// VALIDATOR.
    pub validator: Option<QName>,
    /// OPTIONS.
    pub options: Options,
}

fn function(word: &str, name: Option<&QName>) -> String {
    name.map_or_else(|| format!("NO {word}"), |name| format!("{word} {name}"))
}

impl ObjectDef for ForeignDataWrapper {
    const KIND: Kind = Kind::ForeignDataWrapper;
    const QUERY: &'static str = include_str!("foreign_data_wrapper.sql");

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self {
            handler: row.opt_qname("handler_schema", "handler_name")?,
            validator: row.opt_qname("validator_schema", "validator_name")?,
            options: row.options("fdwoptions")?,
        };
        Ok(Some(Found::new(ObjectId::global(Kind::ForeignDataWrapper, row.ident("fdwname")?), object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { handler, validator, options } = self;
        let mut clauses = vec![format!("CREATE {}", id.address())];
        clauses.extend(handler.as_ref().map(|name| function("HANDLER", Some(name))));
        clauses.extend(validator.as_ref().map(|name| function("VALIDATOR", Some(name))));
        clauses.extend(plain::foreign_options(options));
        plain::create(id, clauses.join(" "))
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self { handler, validator, options } = pair.to;
        let mut clauses = Vec::new();
        clauses.extend((pair.from.handler != *handler).then(|| function("HANDLER", handler.as_ref())));
        clauses.extend((pair.from.validator != *validator).then(|| function("VALIDATOR", validator.as_ref())));
        clauses.extend(plain::foreign_option_changes(Pair::new(&pair.from.options, options)));
        Change::InPlace(vec![plain::change(id, &clauses.join(" "))])
    }

    stands_alone!();
}
