//! The canonical form of one text, and the key that stands for it where two are compared.

use std::collections::BTreeMap;

use pg_query::Node;
use prost::Message as _;
use sha2::{Digest as _, Sha256};

use super::{Analyzed, analyzed, finish};
use crate::analyze::Attr;
use crate::model::{Catalog, ObjectId, hex};
use crate::object::expressions::Place;
use crate::object::table::partition;

/// A text by what it means.
pub enum Form {
    /// The tree of an expression or a query.
    Tree(Box<Node>),
    /// A partition key, its expressions left out, and these.
    PartitionKey(String, Vec<Form>),
    /// What the parser does not take.
    Text(String),
}

impl Form {
    /// That of a text in its place.
    pub fn of(catalog: &Catalog, outputs: &BTreeMap<ObjectId, Vec<Attr>>, place: &Place<'_>, text: &str) -> Self {
        if let Some((rest, exprs)) = partition::taken_apart(text) {
            return Self::PartitionKey(rest, exprs.iter().map(|expr| Self::of(catalog, outputs, place, expr)).collect());
        }
        let Some(Analyzed { mut tree, .. }) = analyzed(catalog, outputs, place, text, false) else { return Self::Text(text.to_owned()) };
        finish(&mut tree);
        Self::Tree(Box::new(tree))
    }

    /// What is the same for equal forms, and for no others: short, since most texts have forms of their own, and never read.
    pub fn key(&self) -> String {
        match self {
            Self::Tree(tree) => hex(&Sha256::digest(tree.encode_to_vec())),
            Self::PartitionKey(rest, exprs) => exprs.iter().fold(rest.clone(), |key, expr| key + " " + &expr.key()),
            Self::Text(text) => text.clone(),
        }
    }
}
