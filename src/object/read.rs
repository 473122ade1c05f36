//! Reading rows of catalog queries.

use std::cell::Cell;

use thiserror::Error;
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use super::{Kind, Object};
use crate::model::{Expr, Ident, ObjectId, Options, QName, TypeName};

/// `(classid, objid, objsubid)` as `pg_depend` has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// OID of the system catalog.
    pub class: u32,
    /// OID of the object.
    pub object: u32,
    /// Column number, or 0.
    pub sub: i32,
}

/// An object found in a database.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its identity.
    pub id: ObjectId,
    /// Its state.
    pub object: Object,
    /// What it is a part or satellite of.
    pub parent: Option<ObjectId>,
    /// What PostgreSQL drops it with although it is no part of it.
    pub auto: Option<ObjectId>,
    /// What it needs beyond what `pg_depend` says.
    pub needs: Vec<ObjectId>,
    /// What should come before it if that can be had.
    pub wants: Vec<ObjectId>,
    /// For satellites: the address of the target. The reader puts the target into the identity.
    pub target: Option<Address>,
}

impl Found {
    /// An object that stands alone.
    pub fn new(id: ObjectId, object: impl Into<Object>) -> Self {
        Self { id, object: object.into(), parent: None, auto: None, needs: Vec::new(), wants: Vec::new(), target: None }
    }

    /// A satellite, whose target the reader finds by `classid`, `objid` and `objsubid` of the row.
    ///
    /// # Errors
    /// Where the query does not give them.
    pub fn satellite(kind: Kind, object: impl Into<Object>, row: &CatalogRow<'_>) -> Result<Self, ReadError> {
        Ok(Self { target: Some(row.address()?), ..Self::new(ObjectId::global(kind, ""), object) })
    }

    /// A part.
    pub fn child(id: ObjectId, object: impl Into<Object>, parent: ObjectId) -> Self {
        Self { parent: Some(parent), ..Self::new(id, object) }
    }
}

/// A catalog row that trueup cannot take.
#[derive(Debug, Error)]
pub enum ReadError {
    /// A column of the query is missing or of another type: a defect of the query.
    #[error("catalog column {column}: {source}")]
    Column {
        /// Which.
        column: String,
        /// What the driver says.
        source: tokio_postgres::Error,
    },
    /// A value that this version does not know.
    #[error("{object}: {column} is {value:?}, which this version of trueup does not know")]
    Unknown {
        /// Of which object.
        object: String,
        /// In which column.
        column: &'static str,
        /// The value.
        value: String,
    },
    /// Text that the server gave and the parser does not take.
    #[error("{object}: the server's own text does not parse: {source}")]
    Text {
        /// Of which object.
        object: String,
        /// What the parser says.
        source: crate::sql::ParseError,
    },
}

/// One row, with accessors for the types of the model.
pub struct CatalogRow<'a> {
    row: &'a Row,
    /// Columns are mostly asked for as they stand, so that the next one is looked at before the others.
    next: Cell<usize>,
}

impl<'a> CatalogRow<'a> {
    /// A row as the driver gives it.
    pub const fn new(row: &'a Row) -> Self {
        Self { row, next: Cell::new(0) }
    }
}

impl<'a> CatalogRow<'a> {
    /// What the row is about.
    ///
    /// # Errors
    /// Where the query does not give `classid`, `objid` and `objsubid`.
    pub fn address(&self) -> Result<Address, ReadError> {
        Ok(Address { class: self.get("classid")?, object: self.get("objid")?, sub: self.get("objsubid")? })
    }

    /// A column by its name.
    ///
    /// # Errors
    /// Where the query does not give it.
    pub fn get<T: FromSql<'a>>(&self, column: &str) -> Result<T, ReadError> {
        let next = self.next.get();
        let columns = self.row.columns();
        let at = if columns.get(next).is_some_and(|found| found.name() == column) {
            Some(next)
        } else {
            columns.iter().position(|found| found.name() == column)
        };
        let value = match at {
            Some(at) => {
                self.next.set(at + 1);
                self.row.try_get(at)
            }
            None => self.row.try_get(column),
        };
        value.map_err(|source| ReadError::Column { column: column.to_owned(), source })
    }

    /// An identifier.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn ident(&self, column: &str) -> Result<Ident, ReadError> {
        Ok(Ident::new(self.get(column)?))
    }

    /// An identifier or null.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn opt_ident(&self, column: &str) -> Result<Option<Ident>, ReadError> {
        Ok(self.get::<Option<&str>>(column)?.map(Ident::new))
    }

    /// The identifiers of an array; its nulls are left out.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn idents(&self, column: &str) -> Result<Vec<Ident>, ReadError> {
        let names: Option<Vec<Option<&str>>> = self.get(column)?;
        Ok(names.unwrap_or_default().into_iter().flatten().map(Ident::new).collect())
    }

    /// A qualified name from two columns.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn qname(&self, schema: &str, name: &str) -> Result<QName, ReadError> {
        Ok(QName { schema: self.ident(schema)?, name: self.ident(name)? })
    }

    /// A qualified name from two columns that may be null.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn opt_qname(&self, schema: &str, name: &str) -> Result<Option<QName>, ReadError> {
        Ok(self.opt_ident(schema)?.zip(self.opt_ident(name)?).map(|(schema, name)| QName { schema, name }))
    }

    /// A type as `format_type` spells it.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn type_name(&self, column: &str) -> Result<TypeName, ReadError> {
        Ok(TypeName(self.get(column)?))
    }

    /// A `"char"` column.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn char(&self, column: &str) -> Result<char, ReadError> {
        Ok(char::from(self.get::<i8>(column)?.cast_unsigned()))
    }

    /// `name=value` texts, as `reloptions` holds them. Null is none.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn options(&self, column: &str) -> Result<Options, ReadError> {
        let texts: Option<Vec<String>> = self.get(column)?;
        Ok(texts
            .unwrap_or_default()
            .iter()
            .map(|text| text.split_once('=').unwrap_or((text, "")))
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .collect())
    }

    /// An expression as `pg_get_expr` gives it, through the one parser.
    ///
    /// # Errors
    /// As [`get`](Self::get), or where the text does not parse.
    pub fn opt_expr(&self, column: &str, object: &ObjectId) -> Result<Option<Expr>, ReadError> {
        let Some(text) = self.get::<Option<String>>(column)? else { return Ok(None) };
        expr(&text, object).map(Some)
    }

    /// An expression that is never null.
    ///
    /// # Errors
    /// As [`opt_expr`](Self::opt_expr).
    pub fn expr(&self, column: &str, object: &ObjectId) -> Result<Expr, ReadError> {
        expr(&self.get::<String>(column)?, object)
    }

    /// A query as `pg_get_viewdef` gives it, through the one parser.
    ///
    /// # Errors
    /// As [`get`](Self::get), or where the text does not parse.
    pub fn query(&self, column: &str, object: &ObjectId) -> Result<Expr, ReadError> {
        let text: String = self.get(column)?;
        crate::sql::normalize_query(&text).map(Expr::new).map_err(|source| ReadError::Text { object: object.to_string(), source })
    }
}

/// Brings an expression's text through the one parser.
///
/// # Errors
/// Where the text does not parse.
pub fn expr(text: &str, object: &ObjectId) -> Result<Expr, ReadError> {
    crate::sql::normalize_expr(text).map(Expr::new).map_err(|source| ReadError::Text { object: object.to_string(), source })
}
