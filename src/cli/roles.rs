//! What schema files say of roles, beside what they say of the database.

use std::collections::BTreeSet;

use super::Context;
use super::source::Source;
use crate::error::{Error, Exit};
use crate::model::{Catalog, Ident, Step};
use crate::object::server_role::{self, Changes, Roles};
use crate::object::{DdlError, Session};
use crate::plan::file::Parsed;
use crate::plan::folder::Plan;
use crate::plan::made::Made;
use crate::plan::proof::roles::Claim;
use crate::plan::proof::{self, OfRoles, Verdict};
use crate::scratch::Scratch;
use crate::source::block;
use crate::source::connect::Connection;
use crate::source::files::SchemaFiles;
use crate::sql::{self, NodeEnum};

/// What files say of roles, and what was so before.
pub struct Both {
    present: Roles,
    said: Roles,
    /// The files' statements.
    statements: Vec<String>,
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
        Source::Database(connection) => present(connection, &mut said).await?,
        Source::Files(files) => of_files(files, major)?.settled(),
        Source::Plans(steps) => of_steps(steps.iter().map(|step| step.sql.as_str()), major)?.settled(),
        Source::Empty => Roles::default(),
        // What was recorded of a database is nothing of its server.
        Source::Catalog(_) => return Ok(None),
    };
    Ok(Some(Both { present, said, statements: statements(files) }))
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

/// The statements as they stand, but for those that name a database, whichever is meant.
fn statements(files: &SchemaFiles) -> Vec<String> {
    let nodes = files.role_statements.iter().filter_map(|statement| statement.tree.node().ok());
    let of_roles = nodes.filter(|node| !matches!(node.node, Some(NodeEnum::AlterOwnerStmt(_))));
    of_roles.filter_map(|node| sql::deparse_stmt(&node).ok()).collect()
}

/// What steps of plans say.
///
/// # Errors
/// Steps that are no such statements.
pub fn of_steps<'a>(steps: impl Iterator<Item = &'a str>, major: u32) -> Result<Roles, Error> {
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
    Ok(roles)
}

impl Both {
    /// What is to be done about roles, and how to undo it.
    pub fn steps(&self, major: u32) -> [Vec<Step>; 2] {
        server_role::changes(&self.present, &self.said, major).map(|changes| changes.around(Vec::new()))
    }

    /// The plan with what is to be done about roles, proved where the rest was.
    ///
    /// # Errors
    /// Where a scratch server fails.
    pub async fn around(self, context: &Context, mut made: Made) -> Result<Made, Error> {
        let major = made.to.major;
        let [up, down] = self.steps(major);
        if !(matches!(made.verdict, Verdict::Impossible { .. }) || up.is_empty() && down.is_empty()) {
            let claim = Claim { present: &self.present, said: &self.said, statements: &self.statements, up: &up, down: &down };
            let (found, wrong) = proved(context, major, &claim).await?;
            made.verdict.and_roles(found, wrong);
        }
        let [up, down]: [Changes; 2] = server_role::changes(&self.present, &self.said, major);
        Ok(Made { up: up.around(made.up), down: down.around(made.down), ..made })
    }

    /// Whether the plan creates a role of that name.
    pub fn creates(&self, name: &str) -> bool {
        self.said.roles.iter().any(|(role, said)| role.as_str() == name && said.whole && !said.dropped)
    }
}

/// A server of its own: the one that proves the rest has the roles that its databases name, who own what is there.
async fn proved(context: &Context, major: u32, claim: &Claim<'_>) -> Result<(OfRoles, Vec<String>), Error> {
    let Some(mut scratch) = context.scratch(major).await? else { return Ok((OfRoles::None, Vec::new())) };
    let wrong = if scratch.is_private() { Some(proof::roles::prove(&mut scratch, claim).await?) } else { None };
    scratch.stop().await?;
    Ok(wrong.map_or((OfRoles::Shared, Vec::new()), |wrong| (OfRoles::Proved, wrong)))
}

/// What the server has, and what plans say of roles; nothing where they do not speak of any.
///
/// # Errors
/// Steps that are wrong, or a server that is lost.
pub async fn of_plans(target: &Connection, plans: &[&Plan]) -> Result<Option<Both>, Error> {
    let steps = plans.iter().flat_map(|plan| &plan.up.plan.steps).map(|step| step.step.sql.as_str());
    // What was dropped then, others may have made again.
    let mut said = of_steps(steps, target.server.major)?;
    said.roles.retain(|_, role| !role.dropped);
    if said.is_empty() {
        return Ok(None);
    }
    let present = present(target, &mut said).await?;
    Ok(Some(Both { present, said, statements: Vec::new() }))
}

async fn present(target: &Connection, said: &mut Roles) -> Result<Roles, Error> {
    let failed = |error: tokio_postgres::Error| Error::server("cannot read what the server has of roles", Exit::Unreachable, &error);
    server_role::read(&target.client, target.server.major, said).await.map_err(failed)
}

/// A server of its own for what plans do about roles, one after the other.
pub struct Stage {
    scratch: Scratch,
    connection: Connection,
    names: BTreeSet<Ident>,
}

impl Stage {
    /// Nothing where the plans do nothing about roles, or where others use the scratch server too, which is told.
    ///
    /// # Errors
    /// Where a scratch server fails.
    pub async fn of(context: &Context, plans: &[Plan], major: u32) -> Result<Option<Self>, Error> {
        let steps = || plans.iter().flat_map(|plan| &plan.up.plan.steps).map(|step| step.step.sql.as_str());
        let said = of_steps(steps(), major)?;
        if said.is_empty() {
            return Ok(None);
        }
        let Some(mut scratch) = context.scratch(major).await? else { return Ok(None) };
        if !scratch.is_private() {
            scratch.stop().await?;
            context.reporter.line("what the plans do about roles is not proved: others use the scratch server too");
            return Ok(None);
        }
        let made: BTreeSet<Ident> = steps().flat_map(block::created_roles).collect();
        let names: BTreeSet<Ident> = said.names().into_iter().chain(said.database_owner).collect();
        for name in names.iter().filter(|name| !made.contains(*name) && !name.as_str().starts_with("pg_")) {
            scratch.ensure_role(name.as_str(), false).await?;
        }
        let database = scratch.database(None).await?;
        let connection = scratch.connect(&database, None).await?;
        Ok(Some(Self { scratch, connection, names }))
    }

    /// Up, down and up again of a plan, as far as it is about roles: what is wrong, if anything.
    ///
    /// # Errors
    /// Where the server is lost.
    pub async fn prove(&mut self, plan: &Plan) -> Result<Vec<String>, Error> {
        let of = |file: &Parsed| -> Vec<Step> {
            let steps = file.plan.steps.iter().map(|step| step.step.clone());
            steps.filter(|step| block::is_about_roles(&step.sql)).collect()
        };
        let (up, down) = (of(&plan.up), plan.down.as_ref().map(of).unwrap_or_default());
        if up.is_empty() && down.is_empty() {
            return Ok(Vec::new());
        }
        Ok(proof::roles::there_and_back(&self.connection.client, &up, &down, &self.names).await?)
    }

    /// Takes it down.
    ///
    /// # Errors
    /// Where something stays.
    pub async fn close(self) -> Result<(), Error> {
        self.connection.close().await;
        Ok(self.scratch.stop().await?)
    }
}
