//! What schema files say of roles, beside what they say of the database.

use super::source::Source;
use crate::error::{Error, Exit};
use crate::model::Catalog;
use crate::object::server_role::{self, Changes, Roles};
use crate::object::{DdlError, Session};
use crate::plan::made::Made;
use crate::source::block;
use crate::source::files::SchemaFiles;
use crate::sql::{self, NodeEnum};

/// What files say of roles, and what was so before.
pub struct Both {
    present: Roles,
    said: Roles,
}

/// What the two ends of a plan have of roles; nothing where the files do not speak of any.
///
/// # Errors
/// Statements that are wrong, or a server that is lost.
pub async fn of(from: &Source, to: &Source, major: u32) -> Result<Option<Both>, Error> {
    let Source::Files(files) = to else { return Ok(None) };
    let mut said = of_files(files, major)?;
    if said.is_empty() {
        return Ok(None);
    }
    let present = match from {
        Source::Database(connection) => server_role::read(&connection.client, connection.server.major, &mut said)
            .await
            .map_err(|error| Error::server("cannot read what the server has of roles", Exit::Unreachable, &error))?,
        Source::Files(files) => of_files(files, major)?,
        Source::Plans(steps) => of_steps(steps.iter().map(|step| step.sql.as_str()), major)?,
        Source::Empty => Roles::default(),
        // What was recorded of a database is nothing of its server.
        Source::Catalog(_) => return Ok(None),
    };
    Ok(Some(Both { present, said }))
}

fn of_files(files: &SchemaFiles, major: u32) -> Result<Roles, Error> {
    let mut roles = Roles::default();
    let session = Session::new(Catalog::empty(major));
    for statement in &files.role_statements {
        let failed = |error: DdlError| Error::from(files.error(statement, None, error.to_string()));
        let node = statement.tree.node().map_err(|error| failed(error.into()))?;
        if let Some(node) = &node.node {
            server_role::interpret(node, &mut roles, &session).map_err(failed)?;
        }
    }
    Ok(roles)
}

fn of_steps<'a>(steps: impl Iterator<Item = &'a str>, major: u32) -> Result<Roles, Error> {
    let mut roles = Roles::default();
    let session = Session::new(Catalog::empty(major));
    for text in steps.filter(|text| block::is_about_roles(text)) {
        let failed = |error: DdlError| Error::usage(format!("{text}: {error}"));
        let node = sql::parse_one(text).map_err(|error| failed(error.into()))?;
        let statements = match node.node {
            Some(NodeEnum::DoStmt(stmt)) => {
                let block = block::read(&stmt).map_err(failed)?;
                block.roles.into_iter().chain(block.statements).collect()
            }
            node => vec![sql::Node { node }],
        };
        for node in statements.iter().filter_map(|node| node.node.as_ref()) {
            server_role::interpret(node, &mut roles, &session).map_err(failed)?;
        }
    }
    roles.roles.retain(|_, role| !role.dropped);
    Ok(roles)
}

impl Both {
    /// The plan with what is to be done about roles.
    pub fn around(self, made: Made) -> Made {
        let [up, down]: [Changes; 2] = server_role::changes(&self.present, &self.said, made.to.major);
        Made { up: up.around(made.up), down: down.around(made.down), ..made }
    }

    /// Whether the plan creates a role of that name.
    pub fn creates(&self, name: &str) -> bool {
        self.said.roles.iter().any(|(role, said)| role.as_str() == name && said.whole && !said.dropped)
    }
}
