//! Columns that CREATE TABLE .. LIKE copies.

use super::define::{copy, plain, sequence_name};
use super::{Column, Identity};
use crate::model::{Entry, ObjectId, TypeName};
use crate::object::attribute::Attribute;
use crate::object::default_privileges::give;
use crate::object::sequence::persistence;
use crate::object::{DdlError, Kind, Object, Session};

/// What LIKE copies of a column; what `INCLUDING` asks for beside the type.
#[derive(Clone, Copy)]
pub struct Including {
    /// Defaults, unless they are those of generated columns.
    pub defaults: bool,
    /// Generation expressions.
    pub generated: bool,
    /// Identities, with sequences of their own.
    pub identity: bool,
    /// Storage.
    pub storage: bool,
    /// Compression.
    pub compression: bool,
}

/// The column that an attribute of a composite type is to a table.
pub fn of_attribute(attribute: &Attribute) -> Column {
    Column { collation: attribute.collation.clone(), ..plain(attribute.position.0, attribute.type_name.clone()) }
}

/// Copies a column as LIKE does, or an attribute of a composite type. The NOT NULL is copied with the constraints. `false` where it is
/// merged with a column that the table inherits.
///
/// # Errors
/// Where the table has a column of that name already, or inherits one that differs.
pub fn like(table: &ObjectId, source: &ObjectId, position: i32, including: Including, session: &mut Session) -> Result<bool, DdlError> {
    let (Some(qname), Some(name), Some(mut entry)) = (table.qname(), source.name(), session.catalog.get(source).cloned()) else {
        return Ok(false);
    };
    let original = match &entry.object {
        Object::Column(column) => column.clone(),
        Object::Attribute(attribute) => of_attribute(attribute),
        _ => return Ok(false),
    };
    let id = ObjectId::on(Kind::Column, qname.clone(), name.clone());
    let copied = Column {
        collation: original.collation.clone(),
        generated: original.generated.clone().filter(|_| including.generated),
        storage: original.storage.clone().filter(|_| including.storage),
        compression: original.compression.clone().filter(|_| including.compression),
        ..plain(position, original.type_name.clone())
    };
    if copied.generated.is_none() {
        entry.needs.retain(|need| Kind::TYPES.contains(&need.kind) || need.kind == Kind::Extension);
    }
    let inherited = session.catalog.get(&id).cloned();
    match &inherited {
        None => copy(&entry, source, &id, copied, table, session),
        Some(present) => {
            let merged = merged(&id, present, copied, including)?;
            copy(&entry, source, &id, merged, table, session);
            if let Some(entry) = session.catalog.get_mut(&id) {
                entry.needs.extend(present.needs.iter().cloned());
            }
        }
    }
    let default = session.catalog.get(&ObjectId::of(Kind::Default, source.clone())).cloned().filter(|_| including.defaults);
    if let Some(default) = default {
        let object = default.object.clone();
        copy(&default, source, &ObjectId::of(Kind::Default, id.clone()), object, &id, session);
    }
    if let Some(identity) = original.identity.as_deref().filter(|_| including.identity) {
        number(&id, identity, session);
    }
    Ok(inherited.is_none())
}

/// The column that the table inherits, with what LIKE says of it (`MergeChildAttribute` of src/backend/commands/tablecmds.c).
fn merged(id: &ObjectId, present: &Entry, copied: Column, including: Including) -> Result<Column, DdlError> {
    let Object::Column(inherited) = &present.object else { return Ok(copied) };
    let conflict = |what: &str| {
        let rule = "LIKE and INHERITS must give the same";
        Err(DdlError::Invalid(format!("column {} has a {what} conflict with the one that it inherits ({rule})", id.spelled())))
    };
    if !inherited.inherited {
        return Err(DdlError::Exists(format!("column {}", id.spelled())));
    }
    if inherited.type_name != copied.type_name {
        return conflict("type");
    }
    if inherited.collation != copied.collation {
        return conflict("collation");
    }
    if including.storage && inherited.storage != copied.storage {
        return conflict("storage parameter");
    }
    if inherited.compression.is_some() && copied.compression.is_some() && inherited.compression != copied.compression {
        return conflict("compression method");
    }
    // What is generated above stays so where LIKE says nothing of it; it is made after the columns, and cannot be changed then.
    if copied.generated.is_some() {
        return Err(DdlError::Invalid(format!("child column {} specifies generation expression (write EXCLUDING GENERATED)", id.spelled())));
    }
    Ok(Column {
        inherited: false,
        compression: copied.compression.or_else(|| inherited.compression.clone()),
        ..inherited.clone()
    })
}

/// Gives a copied column an identity with a sequence of its own.
fn number(id: &ObjectId, identity: &Identity, session: &mut Session) {
    let (Some(table), Some(sequence)) = (id.qname().cloned(), sequence_name(id, session)) else { return };
    let unlogged = persistence::of_new_sequences(&table, &session.catalog);
    let Some(entry) = session.catalog.get_mut(id) else { return };
    entry.needs.insert(ObjectId::global(Kind::Schema, sequence.schema.clone()));
    if let Object::Column(column) = &mut entry.object {
        // The copy's options come without AS, its bounds do not (`sequence_options`, src/backend/commands/sequence.c).
        let mut options = identity.options.clone();
        options.data_type = TypeName("bigint".to_owned());
        column.identity = Some(Box::new(Identity { sequence: sequence.clone(), options, always: identity.always, unlogged }));
    }
    give(&ObjectId::in_schema(Kind::Sequence, sequence), session);
}
