//! Foreign-data wrappers. Key: `Key::Global`.

use std::collections::BTreeSet;

use pg_query::{Node, protobuf};
use serde::{Deserialize, Serialize};

use super::foreign_options::ForeignOptions;
use super::plain::{self, stands_alone};
use super::{CatalogRow, Change, Cx, DdlError, Found, Kind, Object, ObjectDef, ReadError, Reading, Session, Slot, rename};
use crate::model::{Entry, Expr, ObjectId, Pair, QName, Step};
use crate::sql::literal::{option, qualified};

/// A foreign-data wrapper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignDataWrapper {
    /// HANDLER.
    pub handler: Option<QName>,
    /// VALIDATOR.
    pub validator: Option<QName>,
    /// OPTIONS.
    pub options: ForeignOptions,
}

fn function(word: &str, name: Option<&QName>) -> String {
    name.map_or_else(|| format!("NO {word}"), |name| format!("{word} {name}"))
}

impl ObjectDef for ForeignDataWrapper {
    const KIND: Kind = Kind::ForeignDataWrapper;
    const QUERY: &'static str = include_str!("foreign_data_wrapper.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_foreign_data_wrapper", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let object = Self {
            handler: row.opt_qname("handler_schema", "handler_name")?,
            validator: row.opt_qname("validator_schema", "validator_name")?,
            options: ForeignOptions::read(row, "fdwoptions")?,
        };
        Ok(Some(Found::new(ObjectId::global(Kind::ForeignDataWrapper, row.ident("fdwname")?), object)))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self { handler, validator, options } = self;
        let mut clauses = vec![format!("CREATE {}", id.address())];
        clauses.extend(handler.as_ref().map(|name| function("HANDLER", Some(name))));
        clauses.extend(validator.as_ref().map(|name| function("VALIDATOR", Some(name))));
        clauses.extend(options.clause());
        plain::create(id, clauses.join(" ")).into_iter().map(|step| options.created(step)).collect()
    }

    fn alter(id: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self { handler, validator, options } = pair.to;
        let mut clauses = Vec::new();
        clauses.extend((pair.from.handler != *handler).then(|| function("HANDLER", handler.as_ref())));
        clauses.extend((pair.from.validator != *validator).then(|| function("VALIDATOR", validator.as_ref())));
        clauses.extend(ForeignOptions::changes(Pair::new(&pair.from.options, options)));
        Change::InPlace(vec![plain::change(id, &clauses.join(" "))])
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        plain::drop(id).into_iter().map(|step| self.options.dropped(step)).collect()
    }

    fn renamed(&mut self, _: &ObjectId, from: &ObjectId, to: &ObjectId) {
        rename::follow(Kind::Function, self.handler.iter_mut().chain(&mut self.validator), from, to);
    }

    stands_alone!(keeping drop);
}

impl Session {
    /// The foreign-data wrapper of that name; where there is none, the extension that must have brought it: those that do have its name.
    pub(super) fn wrapper(&self, name: &str) -> Result<ObjectId, DdlError> {
        let own = ObjectId::global(Kind::ForeignDataWrapper, name);
        let of = ObjectId::global(Kind::Extension, name);
        let found = [own, of].into_iter().find(|id| self.catalog.contains(id));
        found.ok_or_else(|| DdlError::Missing { what: "foreign-data wrapper", name: name.to_owned() })
    }
}

/// `HANDLER f`, `NO HANDLER`: outer none where nothing is said.
fn said(options: &[Node], word: &str, needs: &mut Vec<ObjectId>, session: &Session) -> Result<Option<Option<QName>>, DdlError> {
    let Some(clause) = option(options, word) else { return Ok(None) };
    let Some(name) = clause.arg.as_deref().and_then(qualified) else { return Ok(Some(None)) };
    session.function(&name, None, needs).map(|name| Some(Some(name)))
}

/// CREATE FOREIGN DATA WRAPPER.
///
/// # Errors
/// Where it exists, or a function does not.
pub fn interpret_create(stmt: &protobuf::CreateFdwStmt, session: &mut Session) -> Result<(), DdlError> {
    let mut needs = Vec::new();
    let handler = said(&stmt.func_options, "handler", &mut needs, session)?.flatten();
    let validator = said(&stmt.func_options, "validator", &mut needs, session)?.flatten();
    let mut options = ForeignOptions::new();
    options.say(&stmt.options)?;
    let wrapper = ForeignDataWrapper { handler, validator, options };
    session.add(ObjectId::global(Kind::ForeignDataWrapper, stmt.fdwname.as_str()), Entry::new(wrapper, None).needing(needs))
}

/// ALTER FOREIGN DATA WRAPPER.
///
/// # Errors
/// Where it does not exist, a function does not, or an option is not as it says.
pub fn interpret_alter(stmt: &protobuf::AlterFdwStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = ObjectId::global(Kind::ForeignDataWrapper, stmt.fdwname.as_str());
    let mut needs = Vec::new();
    let handler = said(&stmt.func_options, "handler", &mut needs, session)?;
    let validator = said(&stmt.func_options, "validator", &mut needs, session)?;
    let Some(entry) = session.catalog.get_mut(&id) else {
        return Err(DdlError::Missing { what: "foreign-data wrapper", name: id.spelled() });
    };
    let Object::ForeignDataWrapper(wrapper) = &mut entry.object else { return Ok(()) };
    for (place, new) in [(&mut wrapper.handler, handler), (&mut wrapper.validator, validator)] {
        if let Some(new) = new {
            entry.needs.retain(|need| need.qname().is_none() || need.qname() != place.as_ref());
            *place = new;
        }
    }
    wrapper.options.say(&stmt.options)?;
    entry.needs.extend(needs);
    Ok(())
}
