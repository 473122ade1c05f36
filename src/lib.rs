//! trueup brings a PostgreSQL database true to its schema files.

pub mod diff;
pub mod model;
pub mod object;
pub mod plan;
pub mod scratch;
pub mod source;
pub mod sql;
