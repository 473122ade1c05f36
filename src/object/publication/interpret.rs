//! CREATE PUBLICATION and ALTER PUBLICATION.

use std::collections::BTreeSet;

use pg_query::protobuf::{self, AlterPublicationAction, PublicationObjSpecType};
use pg_query::{Node, NodeEnum};

use crate::object::publication_schema::{self, PublicationSchema};
use crate::object::publication_table::{self, PublicationTable};
use super::Publication;
use crate::analyze::Scope;
use crate::model::{Entry, Ident, ObjectId};
use crate::object::{Behavior, DdlError, Kind, Object, Session, family, inheritance};
use crate::sql::literal::{def_elems, flag, names, value};

/// CREATE PUBLICATION.
///
/// # Errors
/// Where it exists, or something that it publishes does not.
pub fn interpret_create(stmt: &protobuf::CreatePublicationStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = ObjectId::global(Kind::Publication, stmt.pubname.as_str());
    let mut publication = Publication { all_tables: stmt.for_all_tables, ..Publication::DEFAULT };
    say(&mut publication, &stmt.options)?;
    session.add(id.clone(), Entry::new(publication, None))?;
    for (member, entry) in members(&id, &stmt.pubobjects, session)? {
        session.add(member, entry)?;
    }
    Ok(())
}

/// The options of WITH and SET (`parse_publication_options` in src/backend/commands/publicationcmds.c).
fn say(publication: &mut Publication, options: &[Node]) -> Result<(), DdlError> {
    for option in def_elems(options) {
        match option.defname.as_str() {
            "publish" => {
                let text = value(option)?.unwrap_or_default();
                let words: Vec<&str> = text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
                let known = ["insert", "update", "delete", "truncate"];
                if let Some(word) = words.iter().find(|word| !known.contains(word)) {
                    return Err(DdlError::Invalid(format!("unrecognized value for publication option \"publish\": \"{word}\"")));
                }
                publication.insert = words.contains(&"insert");
                publication.update = words.contains(&"update");
                publication.delete = words.contains(&"delete");
                publication.truncate = words.contains(&"truncate");
            }
            "publish_via_partition_root" => publication.via_root = flag(option)?,
            "publish_generated_columns" => publication.generated_columns = value(option)?.as_deref() != Some("none"),
            other => return Err(DdlError::Invalid(format!("unrecognized publication parameter: \"{other}\""))),
        }
    }
    Ok(())
}

/// What the list of a statement names, each thing with what it needs.
fn members(publication: &ObjectId, objects: &[Node], session: &Session) -> Result<Vec<(ObjectId, Entry)>, DdlError> {
    let mut found = Vec::new();
    for node in objects {
        let Some(NodeEnum::PublicationObjSpec(object)) = &node.node else { continue };
        match (object.pubobjtype(), &object.pubtable) {
            (PublicationObjSpecType::PublicationobjTable, Some(table)) => found.extend(tables(publication, table, session)?),
            (PublicationObjSpecType::PublicationobjTablesInSchema, _) => found.push(of_schema(publication, session.schema(&object.name)?)),
            (PublicationObjSpecType::PublicationobjTablesInCurSchema, _) => {
                found.push(of_schema(publication, session.creation_schema("")?));
            }
            _ => return Err(DdlError::Unsupported("this object of a publication".to_owned())),
        }
    }
    Ok(found)
}

fn of_schema(publication: &ObjectId, schema: Ident) -> (ObjectId, Entry) {
    let name = publication.name().cloned().unwrap_or_else(|| Ident::new(""));
    let mut entry = Entry::new(PublicationSchema {}, Some(ObjectId::global(Kind::Schema, schema.clone()))).needing([publication.clone()]);
    entry.auto = Some(publication.clone());
    (publication_schema::identity(&name, &schema), entry)
}

/// A table, and without ONLY those that inherit from it; partitions go with their root (`OpenTableList`).
fn tables(publication: &ObjectId, said: &protobuf::PublicationTable, session: &Session) -> Result<Vec<(ObjectId, Entry)>, DdlError> {
    let relation = said.relation.clone().unwrap_or_default();
    let table = session.relation_of(&relation, &[Kind::Table])?;
    let mut all: Vec<_> = table.qname().cloned().into_iter().collect();
    let mut at = 0;
    while let Some(name) = all.get(at).cloned().filter(|name| relation.inh && !family::is_partitioned(name, &session.catalog)) {
        let below = inheritance::children(&session.catalog, &name).into_iter().map(|(_, link)| link.child.clone());
        all.extend(below.filter(|child| !all.contains(child)).collect::<Vec<_>>());
        at += 1;
    }
    let columns: BTreeSet<Ident> = names(&said.columns).iter().map(|name| Ident::new(name)).collect();
    let name = publication.name().cloned().unwrap_or_else(|| Ident::new(""));
    let mut found = Vec::new();
    for qname in all {
        let of = family::table(&qname);
        let mut needs = vec![publication.clone()];
        for column in &columns {
            needs.push(session.column(&of, column.as_str())?);
        }
        let filter = said.where_clause.as_ref().map(|node| session.expression(node, &Scope::Table(&of))).transpose()?;
        let (filter, references) = filter.unzip();
        let object = PublicationTable { columns: columns.clone(), filter };
        let mut entry = Entry::new(object, Some(of)).needing(needs).needing(references.unwrap_or_default().needs);
        entry.auto = Some(publication.clone());
        found.push((publication_table::identity(&name, &qname), entry));
    }
    Ok(found)
}

/// ALTER PUBLICATION .. ADD, DROP and SET.
///
/// # Errors
/// Where it or something that it shall publish does not exist, or what it shall no longer publish is not published.
pub fn interpret_alter(stmt: &protobuf::AlterPublicationStmt, session: &mut Session) -> Result<(), DdlError> {
    let id = ObjectId::global(Kind::Publication, stmt.pubname.as_str());
    let Some(Object::Publication(publication)) = session.catalog.get_mut(&id).map(|entry| &mut entry.object) else {
        return Err(DdlError::Missing { what: "publication", name: id.spelled() });
    };
    if !stmt.options.is_empty() {
        return say(publication, &stmt.options);
    }
    let said = members(&id, &stmt.pubobjects, session)?;
    match stmt.action() {
        AlterPublicationAction::ApDropObjects => {
            for (member, _) in said {
                if !session.catalog.contains(&member) {
                    return Err(DdlError::Waits(format!("{} is not part of the publication", member.spelled())));
                }
                session.drop(&member, Behavior::Restrict)?;
            }
        }
        action => {
            if action == AlterPublicationAction::ApSetObjects {
                let present = session.catalog.iter().filter(|(_, entry)| entry.auto.as_ref() == Some(&id));
                let present: Vec<ObjectId> = present.map(|(member, _)| member.clone()).collect();
                present.iter().try_for_each(|member| session.drop(member, Behavior::Restrict))?;
            }
            for (member, entry) in said {
                session.add(member, entry)?;
            }
        }
    }
    Ok(())
}
