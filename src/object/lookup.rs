//! Functions that statements name without calling them: those behind operators, types, wrappers.

use super::session::dotted;
use super::{DdlError, Kind, Session, extension};
use crate::model::{Key, ObjectId, QName};
use crate::sql::Name;

impl Session {
    /// A function by its name and the types of its arguments, where those are known. It is one of the catalog, one of an extension of
    /// the catalog (both are needed), or one of `pg_catalog`.
    ///
    /// # Errors
    /// Where there is none.
    pub fn function(&self, given: &Name, arguments: Option<&[String]>, needs: &mut Vec<ObjectId>) -> Result<QName, DdlError> {
        let schema = given.schema.as_deref().unwrap_or_default();
        for candidate in self.candidates(schema, &given.name) {
            let fits = |id: &&ObjectId| matches!((&id.key, arguments), (Key::Routine(_, types), Some(wanted)) if types == wanted);
            let mut all = self.catalog.routines_named(&candidate).filter(|id| id.kind != Kind::Procedure);
            let found = if arguments.is_some() { all.find(fits) } else { all.next() }.cloned();
            drop(all);
            if let Some(id) = found {
                needs.push(id);
                return Ok(candidate);
            }
        }
        if matches!(schema, "" | "pg_catalog") && crate::sql::is_builtin_function(&given.name) {
            return Ok(QName::new("pg_catalog", given.name.as_str()));
        }
        if let Some((id, at)) = self.extension_with(schema, extension::function_providers(&given.name)) {
            needs.push(id);
            return Ok(QName::new(at, given.name.as_str()));
        }
        let types = arguments.map(|types| format!("({})", types.join(", "))).unwrap_or_default();
        Err(DdlError::Missing { what: "function", name: format!("{}{types}", dotted(schema, &given.name)) })
    }
}
