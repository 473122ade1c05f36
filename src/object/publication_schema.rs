//! Schemas of publications (15 and later). Key: `Key::Two(publication, schema)`, both spelled as SQL; parent: the schema; it goes with
//! the publication too.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::plain::stands_alone;
use super::{CatalogRow, Change, Cx, Found, Kind, ObjectDef, ReadError, Reading, Slot};
use crate::model::{Expr, Ident, Key, ObjectId, Pair, Step};

/// A schema of which a publication has all tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationSchema {}

/// The identity of a schema's place in a publication.
pub fn identity(publication: &Ident, schema: &Ident) -> ObjectId {
    ObjectId::new(Kind::PublicationSchema, Key::Two(publication.quoted(), schema.quoted()))
}

fn step(id: &ObjectId, verb: &str) -> Vec<Step> {
    let Key::Two(publication, schema) = &id.key else { return Vec::new() };
    let words = if verb == "ADD" { "publish" } else { "no longer publish" };
    vec![Step::new(
        format!("ALTER PUBLICATION {publication} {verb} TABLES IN SCHEMA {schema}"),
        format!("{words} the tables of schema {schema} by {publication}"),
    )]
}

impl ObjectDef for PublicationSchema {
    const KIND: Kind = Kind::PublicationSchema;
    const QUERY: &'static str = include_str!("publication_schema.sql");
    const ROWS: Option<(&'static str, &'static str)> = Some(("pg_publication", "oid"));

    fn read(row: &CatalogRow<'_>, _: &Reading) -> Result<Option<Found>, ReadError> {
        let (publication, schema) = (row.ident("pubname")?, row.ident("nspname")?);
        let found = Found::child(identity(&publication, &schema), Self {}, ObjectId::global(Kind::Schema, schema));
        let publication = ObjectId::global(Kind::Publication, publication);
        Ok(Some(Found { needs: vec![publication.clone()], auto: Some(publication), ..found }))
    }

    fn create(&self, id: &ObjectId, _: &BTreeSet<ObjectId>, _: &Cx<'_>) -> Vec<Step> {
        let Self {} = self;
        step(id, "ADD")
    }

    fn alter(_: &ObjectId, pair: Pair<&Self>, _: &Cx<'_>) -> Change {
        let Self {} = pair.to;
        Change::InPlace(Vec::new())
    }

    fn drop(&self, id: &ObjectId, _: &Cx<'_>) -> Vec<Step> {
        step(id, "DROP")
    }

    stands_alone!(keeping drop);
}
