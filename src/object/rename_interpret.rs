//! ALTER .. RENAME.

use pg_query::protobuf::{ObjectType, RenameStmt};

use super::address::{resolve, with_name, words};
use super::constraint::{Constraint, Definition, not_null_named};
use super::generic::behavior;
use super::sequence::{column_of, satellites};
use super::{Behavior, DdlError, Kind, Object, Session, inheritance};
use crate::model::{Entry, Ident, Key, ObjectId, QName};

/// ALTER .. RENAME of any kind of object.
///
/// # Errors
/// Where the object does not exist, or the new name is taken.
pub fn interpret(stmt: &RenameStmt, session: &mut Session) -> Result<(), DdlError> {
    match rename(stmt, session) {
        Err(DdlError::Missing { .. }) if stmt.missing_ok => Ok(()),
        done => done,
    }
}

fn rename(stmt: &RenameStmt, session: &mut Session) -> Result<(), DdlError> {
    match stmt.rename_type() {
        ObjectType::ObjectTable
        | ObjectType::ObjectForeignTable
        | ObjectType::ObjectView
        | ObjectType::ObjectMatview
        | ObjectType::ObjectIndex
        | ObjectType::ObjectSequence => relation(stmt, session),
        ObjectType::ObjectColumn | ObjectType::ObjectAttribute => column(stmt, session),
        ObjectType::ObjectTabconstraint => constraint(stmt, session),
        ObjectType::ObjectTrigger => on_relation(stmt, Kind::Trigger, "trigger", session),
        ObjectType::ObjectPolicy => on_relation(stmt, Kind::Policy, "policy", session),
        ObjectType::ObjectRule => on_relation(stmt, Kind::Rule, "rule", session),
        ObjectType::ObjectSchema => schema(stmt, session),
        ObjectType::ObjectDomconstraint => domain_constraint(stmt, session),
        // Roles are the server's.
        ObjectType::ObjectRole => Ok(()),
        kind @ (ObjectType::ObjectDatabase | ObjectType::ObjectTablespace) => {
            Err(DdlError::Invalid(format!("ALTER {} .. RENAME: that is the server's, and no schema", words(kind).to_uppercase())))
        }
        kind => {
            let Some(object) = &stmt.object else { return Err(DdlError::Unsupported("RENAME without an object".to_owned())) };
            let id = resolve(session, kind, object)?;
            let to = with_name(&id, &stmt.newname);
            if Kind::TYPES.contains(&to.kind) {
                free_type(&to, session)?;
            }
            session.rename(&id, &to)
        }
    }
}

fn free_type(id: &ObjectId, session: &Session) -> Result<(), DdlError> {
    match id.qname().and_then(|name| session.catalog.type_named(name)) {
        Some((taken, _)) => Err(DdlError::Exists(taken.to_string())),
        None => Ok(()),
    }
}

fn free_relation(name: &QName, session: &Session) -> Result<(), DdlError> {
    if session.relation_name_taken(&name.schema, &name.name) {
        return Err(DdlError::Exists(format!("relation {name}")));
    }
    match session.catalog.type_named(name) {
        Some((taken, _)) => Err(DdlError::Exists(taken.to_string())),
        None => Ok(()),
    }
}

/// A relation of any kind: ALTER TABLE takes them all. The index behind a constraint takes the constraint along.
fn relation(stmt: &RenameStmt, session: &mut Session) -> Result<(), DdlError> {
    let Some(given) = &stmt.relation else { return Err(DdlError::Unsupported("RENAME without a relation".to_owned())) };
    let candidates = session.candidates(&given.schemaname, &given.relname);
    for name in candidates {
        let to = QName { schema: name.schema.clone(), name: Ident::new(&stmt.newname) };
        if let Some((id, _)) = session.catalog.relation(&name) {
            let id = id.clone();
            free_relation(&to, session)?;
            return session.rename(&id, &ObjectId::in_schema(id.kind, to));
        }
        if let Some(constraint) = session.constraint_with_index(&name) {
            free_relation(&to, session)?;
            return session.rename(&constraint, &with_name(&constraint, &stmt.newname));
        }
        if identity_sequence(&name, &to, session) {
            return Ok(());
        }
    }
    session.relation(given).map(|_| ())
}

/// The sequence of an identity column is a part of the column.
fn identity_sequence(from: &QName, to: &QName, session: &mut Session) -> bool {
    let Some(id) = column_of(from, &session.catalog) else { return false };
    if let Some(Object::Column(column)) = session.catalog.get_mut(&id).map(|entry| &mut entry.object)
        && let Some(identity) = &mut column.identity
    {
        identity.sequence = to.clone();
    }
    let (from, to) = (ObjectId::in_schema(Kind::Sequence, from.clone()), ObjectId::in_schema(Kind::Sequence, to.clone()));
    for satellite in satellites(&id, &from, &session.catalog) {
        let key = match &satellite.key {
            Key::OfNamed(_, name) => Key::OfNamed(to.clone(), name.clone()),
            _ => Key::Of(to.clone()),
        };
        if let Some(entry) = session.catalog.remove(&satellite) {
            session.catalog.insert(ObjectId::new(satellite.kind, key), entry);
        }
    }
    true
}

/// The table and, unless it is named by ONLY, all that inherit from it.
fn family(stmt: &RenameStmt, id: &ObjectId, session: &Session) -> Vec<QName> {
    let mut all: Vec<QName> = id.qname().cloned().into_iter().collect();
    if stmt.relation.as_ref().is_some_and(|relation| relation.inh) {
        let mut at = 0;
        while let Some(name) = all.get(at).cloned() {
            for (_, link) in inheritance::children(&session.catalog, &name) {
                if !all.contains(&link.child) {
                    all.push(link.child.clone());
                }
            }
            at += 1;
        }
    }
    all
}

fn owner(stmt: &RenameStmt, session: &Session) -> Result<ObjectId, DdlError> {
    match &stmt.relation {
        Some(relation) => session.relation(relation),
        None => Err(DdlError::Unsupported("RENAME without a relation".to_owned())),
    }
}

fn column(stmt: &RenameStmt, session: &mut Session) -> Result<(), DdlError> {
    let of = owner(stmt, session)?;
    let first = session.column(&of, &stmt.subname)?;
    match of.kind {
        Kind::View | Kind::MaterializedView => return view_column(&of, &first, &stmt.newname, session),
        Kind::Composite => {
            rename_column(&first, &stmt.newname, session)?;
            let typed = of.qname().map(|name| super::typing::typed_tables(&session.catalog, name)).unwrap_or_default();
            if !typed.is_empty() && behavior(stmt.behavior()) == Behavior::Restrict {
                return Err(DdlError::Invalid(format!("cannot alter type {} because it is the type of a typed table", of.spelled())));
            }
            return typed
                .into_iter()
                .try_for_each(|table| rename_column(&ObjectId::on(Kind::Column, table, stmt.subname.as_str()), &stmt.newname, session));
        }
        _ => {}
    }
    if matches!(session.catalog.object(&first), Some(Object::Column(column)) if column.inherited) {
        return Err(DdlError::Invalid(format!("cannot rename inherited column {}", Ident::new(&stmt.subname))));
    }
    family(stmt, &of, session)
        .into_iter()
        .try_for_each(|table| rename_column(&ObjectId::on(Kind::Column, table, stmt.subname.as_str()), &stmt.newname, session))
}

fn rename_column(id: &ObjectId, name: &str, session: &mut Session) -> Result<(), DdlError> {
    session.rename(id, &with_name(id, name))?;
    let table = id.qname().map(|name| ObjectId::in_schema(Kind::Table, name.clone()));
    let Some((table, old)) = table.zip(id.name()) else { return Ok(()) };
    let Some(Object::Table(object)) = session.catalog.object(&table) else { return Ok(()) };
    if let Some(key) = &object.partition_key {
        let key = super::table::partition::rename_column(key, old, &Ident::new(name))?;
        if let Some(Object::Table(object)) = session.catalog.get_mut(&table).map(|entry| &mut entry.object) {
            object.partition_key = Some(key);
        }
    }
    Ok(())
}

/// A view's column is in what the view gives; it is an object only where something is said of it.
fn view_column(view: &ObjectId, column: &ObjectId, name: &str, session: &mut Session) -> Result<(), DdlError> {
    let to = with_name(column, name);
    let missing = || DdlError::Missing { what: "column", name: column.spelled() };
    let (Some(old), Some(new)) = (column.name().cloned(), to.name().cloned()) else { return Err(missing()) };
    session.rename(column, &to)?;
    let columns = match session.catalog.get_mut(view).map(|entry| &mut entry.object) {
        Some(Object::View(view)) => &mut view.columns,
        Some(Object::MaterializedView(view)) => &mut view.columns,
        _ => return Err(missing()),
    };
    if columns.0.iter().any(|column| column.name == new) {
        return Err(DdlError::Exists(to.to_string()));
    }
    let unknown = columns.0.is_empty();
    match columns.0.iter_mut().find(|column| column.name == old) {
        Some(column) => column.name = new,
        None if unknown => return Err(DdlError::Unsupported(format!("RENAME COLUMN of {}, whose columns are not known", view.spelled()))),
        None => return Err(missing()),
    }
    Ok(())
}

fn constraint(stmt: &RenameStmt, session: &mut Session) -> Result<(), DdlError> {
    let of = owner(stmt, session)?;
    let (old, new) = (Ident::new(&stmt.subname), Ident::new(&stmt.newname));
    let mut found = false;
    for table in family(stmt, &of, session) {
        let id = Constraint::named_id(&table, &old);
        if session.catalog.contains(&id) {
            let inherited =
                matches!(session.catalog.object(&id), Some(Object::Constraint(c)) if matches!(c.definition, Definition::Check(_)));
            if !found || inherited {
                session.rename(&id, &Constraint::named_id(&table, &new))?;
            }
            found = true;
        } else if let Some(id) = not_null_named(&table, &old, &session.catalog)
            && let Some(mut entry) = session.catalog.get(&id).cloned()
        {
            if let Object::Constraint(Constraint { definition: Definition::NotNull { name, .. }, .. }) = &mut entry.object {
                *name = Some(new.clone());
            }
            // Put in anew, since the catalog finds it by its name.
            session.catalog.insert(id, entry);
            found = true;
        }
        if !found {
            break;
        }
    }
    if found { Ok(()) } else { Err(DdlError::Missing { what: "constraint", name: format!("{old} ON {}", of.spelled()) }) }
}

fn on_relation(stmt: &RenameStmt, kind: Kind, what: &'static str, session: &mut Session) -> Result<(), DdlError> {
    let of = owner(stmt, session)?;
    let name = of.qname().cloned().ok_or_else(|| DdlError::Missing { what, name: stmt.subname.clone() })?;
    let id = ObjectId::on(kind, name, stmt.subname.as_str());
    if !session.catalog.contains(&id) {
        return Err(DdlError::Missing { what, name: id.spelled() });
    }
    session.rename(&id, &with_name(&id, &stmt.newname))
}

fn domain_constraint(stmt: &RenameStmt, session: &mut Session) -> Result<(), DdlError> {
    let Some(object) = &stmt.object else { return Err(DdlError::Unsupported("RENAME without an object".to_owned())) };
    let domain = resolve(session, ObjectType::ObjectDomain, object)?;
    let Key::InSchema(name) = &domain.key else { return Err(DdlError::Missing { what: "domain", name: domain.spelled() }) };
    let id = ObjectId::on(Kind::DomainConstraint, name.clone(), stmt.subname.as_str());
    if !session.catalog.contains(&id) {
        return Err(DdlError::Missing { what: "constraint", name: id.spelled() });
    }
    session.rename(&id, &with_name(&id, &stmt.newname))
}

/// Everything in the schema is named through it.
fn schema(stmt: &RenameStmt, session: &mut Session) -> Result<(), DdlError> {
    let old = session.schema(&stmt.subname)?;
    let new = Ident::new(&stmt.newname);
    let (from, to) = (ObjectId::global(Kind::Schema, old.clone()), ObjectId::global(Kind::Schema, new.clone()));
    session.rename(&from, &to)?;
    // Tables move their parts along; identities are taken one by one, since each rename may give others a new one.
    while let Some(id) = next_in(&old, session) {
        let moved = super::address::with_schema(&id, &new);
        if moved == id {
            return Err(DdlError::Unsupported(format!("RENAME of a schema with {id}")));
        }
        session.rename(&id, &moved)?;
    }
    let names_schema = |_: &ObjectId, entry: &Entry| match &entry.object {
        Object::Extension(extension) => extension.schema == old,
        Object::Range(range) => range.multirange.schema == old,
        Object::Column(column) => column.identity.as_ref().is_some_and(|identity| identity.sequence.schema == old),
        _ => false,
    };
    session.catalog.change_all(names_schema, |_, entry| match &mut entry.object {
        Object::Extension(extension) => extension.schema = new.clone(),
        Object::Range(range) => range.multirange.schema = new.clone(),
        Object::Column(column) => {
            if let Some(identity) = &mut column.identity {
                identity.sequence.schema = new.clone();
            }
        }
        _ => {}
    });
    Ok(())
}

fn next_in(schema: &Ident, session: &Session) -> Option<ObjectId> {
    let of_schema = |id: &&ObjectId| matches!(&id.key, Key::InSchema(_) | Key::Routine(..)) && id.schema() == Some(schema);
    let mut all = session.catalog.iter().map(|(id, _)| id).filter(of_schema);
    let mut first = None;
    // What is a part of another object there goes with it.
    let whole = all.find(|id| {
        first.get_or_insert((*id).clone());
        session.catalog.get(id).is_some_and(|entry| entry.parent.as_ref().is_none_or(|parent| parent.schema() != Some(schema)))
    });
    whole.cloned().or(first)
}
