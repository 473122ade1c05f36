//! trueup brings a PostgreSQL database true to its schema files.

pub mod model;
pub mod object;
pub mod sql;
