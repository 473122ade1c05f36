//! trueup brings a PostgreSQL database true to its schema files.

pub mod analyze;
pub mod canon;
pub mod cli;
pub mod config;
pub mod diff;
pub mod error;
pub mod execute;
pub mod lint;
pub mod model;
pub mod object;
pub mod plan;
pub mod report;
pub mod scratch;
pub mod source;
pub mod sql;
