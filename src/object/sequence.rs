//! Sequences, and the options that identity columns share with them.

use serde::{Deserialize, Serialize};

use crate::model::TypeName;

/// What CREATE SEQUENCE and GENERATED .. AS IDENTITY take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceOptions {
    /// smallint, integer or bigint.
    pub data_type: TypeName,
    /// START WITH.
    pub start: i64,
    /// INCREMENT BY.
    pub increment: i64,
    /// MINVALUE.
    pub min: i64,
    /// MAXVALUE.
    pub max: i64,
    /// CACHE.
    pub cache: i64,
    /// CYCLE.
    pub cycle: bool,
}

/// A sequence; its value is data and is never touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Its options.
    pub options: SequenceOptions,
    /// UNLOGGED (15 and later).
    pub unlogged: bool,
}

super::pending!(Sequence);
