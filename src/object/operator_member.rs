//! Operators and support functions of operator classes and families.

use serde::{Deserialize, Serialize};

use super::operator;
use super::{CatalogRow, Kind, ReadError};
use crate::model::{ObjectId, QName};

/// An operator or a support function, with the place that it has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Member {
    /// The strategy, or the number of the support function.
    pub number: i32,
    /// The type on the left that it is for.
    pub left: String,
    /// The type on the right.
    pub right: String,
    /// What has the place.
    pub what: What,
}

/// An operator or a support function.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An operator on these types.
    Operator {
        /// Its name.
        name: QName,
        /// FOR ORDER BY this family.
        order_by: Option<QName>,
    },
    /// A function.
    Function {
        /// Its name.
        name: QName,
        /// The types of its arguments.
        arguments: String,
    },
}

/// A member as the catalog queries give it.
#[derive(Deserialize)]
struct Row {
    number: i32,
    left: String,
    right: String,
    schema: String,
    name: String,
    arguments: Option<String>,
    family_schema: Option<String>,
    family: Option<String>,
}

impl From<Row> for Member {
    fn from(row: Row) -> Self {
        let name = QName::new(row.schema.as_str(), row.name.as_str());
        let order_by = row.family_schema.zip(row.family).map(|(schema, name)| QName::new(schema.as_str(), name.as_str()));
        let what = match row.arguments {
            Some(arguments) => What::Function { name, arguments },
            None => What::Operator { name, order_by },
        };
        Self { number: row.number, left: row.left, right: row.right, what }
    }
}

/// The members that a JSON array of a catalog query lists, in an order of their own.
///
/// # Errors
/// Where the query gives something else.
pub fn read(row: &CatalogRow<'_>, id: &ObjectId) -> Result<Vec<Member>, ReadError> {
    let text: String = row.get("members")?;
    let unknown = |_| ReadError::Unknown { object: id.to_string(), column: "members", value: text.clone() };
    let rows: Vec<Row> = serde_json::from_str(&text).map_err(unknown)?;
    let mut members: Vec<Member> = rows.into_iter().map(Member::from).collect();
    members.sort();
    Ok(members)
}

impl Member {
    /// As CREATE OPERATOR CLASS and ALTER OPERATOR FAMILY .. ADD take it.
    pub fn clause(&self) -> String {
        let Self { number, left, right, what } = self;
        match what {
            What::Operator { name, order_by } => {
                let purpose = order_by.as_ref().map(|family| format!(" FOR ORDER BY {family}")).unwrap_or_default();
                format!("OPERATOR {number} {} ({left}, {right}){purpose}", operator::spelled(name))
            }
            What::Function { name, arguments } => format!("FUNCTION {number} ({left}, {right}) {name}({arguments})"),
        }
    }

    /// Follows a rename of its operator or function.
    pub fn renamed(&mut self, from: &ObjectId, to: &ObjectId) {
        let Some((old, new)) = from.qname().zip(to.qname()) else { return };
        match &mut self.what {
            What::Operator { name, .. } if from.kind == Kind::Operator && name == old => name.clone_from(new),
            What::Operator { order_by: Some(family), .. } if from.kind == Kind::OperatorFamily && family == old => family.clone_from(new),
            What::Function { name, .. } if from.kind == Kind::Function && name == old => name.clone_from(new),
            _ => {}
        }
    }

    /// As ALTER OPERATOR FAMILY .. DROP takes it.
    pub fn place(&self) -> String {
        let Self { number, left, right, what } = self;
        let word = if matches!(what, What::Operator { .. }) { "OPERATOR" } else { "FUNCTION" };
        format!("{word} {number} ({left}, {right})")
    }
}
