//! trueup brings a PostgreSQL database true to its schema files.
