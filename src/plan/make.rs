//! Making a plan with a scratch server: both sides in the server's own words, and a proof.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use thiserror::Error;
use tokio::sync::oneshot;

use super::made::Made;
use super::merge::{LeftAlone, Speaks, left_alone, merge};
use super::offline;
use super::proof::{self, Claim, ProofError, Verdict, witness::Photograph};
use super::rehearse::{self, Refused, SESSION};
use super::rename::{self, Rename};
use super::steps::{StepsError, steps};
use crate::model::{Catalog, Pair, Step};
use crate::object::column_order::landed;
use crate::object::{column_list, keep_failures, makeable};
use crate::scratch::{Scratch, ScratchError};
use crate::source::block;
use crate::source::connect::Connection;
use crate::source::files::SchemaFiles;
use crate::source::live::{self, LiveError, Scope};
use crate::source::load::{self, LoadError, Told};
use crate::source::pipeline::computed;
use crate::source::renames::RenameHint;

/// A plan that cannot be made.
#[derive(Debug, Error)]
pub enum MakeError {
    /// A database cannot be read.
    #[error(transparent)]
    Live(#[from] LiveError),
    /// The server refuses the schema files.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The scratch server fails.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// There are no steps.
    #[error(transparent)]
    Steps(#[from] StepsError),
    /// The proof cannot be carried out.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// What was not spoken of cannot be carried over to the wanted state on the scratch server.
    #[error("the wanted state cannot be completed on the scratch server: {0}")]
    Complete(#[from] Refused),
    /// A server is lost.
    #[error("the server was lost: {0}")]
    Lost(#[from] tokio_postgres::Error),
}

/// A state to plan from or to, with what the witness saw of it.
pub struct State {
    /// The model of it.
    pub catalog: Catalog,
    /// What the witness saw.
    pub photograph: Option<Photograph>,
}

/// Reads the live database, for the model and for the witness.
///
/// # Errors
/// Where it cannot be read.
pub async fn present(target: &Connection, scope: &Scope) -> Result<State, MakeError> {
    let catalog = live::read_beside(target, scope).await?;
    let photograph = proof::look(target, scope).await?;
    Ok(State { catalog, photograph: Some(photograph) })
}

/// What a server has that is no database's, and that plans name.
pub struct OfServer {
    /// The names of its roles, and whether each is a superuser.
    pub roles: BTreeMap<String, bool>,
    /// The names of its tablespaces.
    pub tablespaces: Vec<String>,
}

/// Reads what a server has beside databases.
///
/// # Errors
/// Where the server is lost.
pub async fn of_server(target: &Connection) -> Result<OfServer, MakeError> {
    const ALL: &str = "SELECT pg_catalog.array_agg(r.rolname::text), pg_catalog.array_agg(r.rolsuper),
        (SELECT pg_catalog.array_agg(s.spcname::text) FROM pg_catalog.pg_tablespace s) FROM pg_catalog.pg_roles r";
    let row = target.client.query_one(ALL, &[]).await?;
    let (roles, superusers): (Vec<String>, Vec<bool>) = (row.try_get(0)?, row.try_get(1)?);
    Ok(OfServer { roles: roles.into_iter().zip(superusers).collect(), tablespaces: row.try_get(2)? })
}

/// Creates on the scratch server the roles and tablespaces that the target has, so that statements can name them.
///
/// # Errors
/// Where either server refuses.
pub async fn copy_of_server(target: &Connection, scratch: &mut Scratch) -> Result<(), MakeError> {
    let OfServer { roles, tablespaces } = of_server(target).await?;
    for (role, superuser) in roles.iter().filter(|(role, _)| !role.starts_with("pg_")) {
        // Event triggers can only belong to superusers.
        scratch.ensure_role(role, *superuser).await?;
    }
    scratch.ensure_role(&target.server.current_user, true).await?;
    for tablespace in tablespaces.iter().filter(|name| !name.starts_with("pg_")) {
        scratch.ensure_tablespace(tablespace).await?;
    }
    Ok(())
}

/// What the schema files make of an empty database.
pub struct Wanted {
    /// The session on the scratch database that holds it.
    pub connection: Connection,
    /// Its name.
    pub database: String,
    /// The model of it.
    pub catalog: Catalog,
}

/// Runs the schema files on a new database; roles that they name are made as they are found missing. What they say of each
/// object is told where somebody is to `learn` it.
///
/// # Errors
/// Where the server refuses the files.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn loaded(
    scratch: &mut Scratch,
    files: &Arc<SchemaFiles>,
    role: &str,
    learn: bool,
) -> Result<(String, Connection, Told), MakeError> {
    let learn = learn.then(|| scratch.major());
    let (mut made, mut tablespaces) = (BTreeSet::new(), BTreeSet::new());
    for role in files.roles.iter().filter(|role| made.insert(role.as_str().to_owned())) {
        scratch.ensure_role(role.as_str(), false).await?;
    }
    loop {
        let database = scratch.database(None).await?;
        let connection = scratch.connect(&database, Some(role)).await?;
        let error = match load::load(&connection.client, files, learn).await {
            Ok(told) => return Ok((database, connection, told)),
            Err(error) => error,
        };
        connection.close().await;
        scratch.drop_database(&database).await?;
        match error {
            LoadError::Role(missing) if made.insert(missing.clone()) => scratch.ensure_role(&missing, false).await?,
            LoadError::Tablespace(missing) if tablespaces.insert(missing.clone()) && scratch.ensure_tablespace(&missing).await? => {}
            error => return Err(error.into()),
        }
    }
}

/// Runs the schema files on a scratch database.
///
/// # Errors
/// Where the server refuses them, or makes of them what trueup does not manage.
pub async fn wanted(scratch: &mut Scratch, files: &Arc<SchemaFiles>, role: &str, scope: &Scope) -> Result<Wanted, MakeError> {
    Ok(wanted_and_told(scratch, files, role, scope, false).await?.0)
}

/// As [`wanted`], with what the files say of each object where somebody is to `learn` it.
///
/// # Errors
/// As [`wanted`].
pub async fn wanted_and_told(
    scratch: &mut Scratch,
    files: &Arc<SchemaFiles>,
    role: &str,
    scope: &Scope,
    learn: bool,
) -> Result<(Wanted, Told), MakeError> {
    let (database, connection, told) = loaded(scratch, files, role, learn).await?;
    let catalog = live::read_beside(&connection, scope).await?;
    Ok((Wanted { connection, database, catalog }, told))
}

/// Plans from the present state to one that a scratch database holds.
///
/// # Errors
/// See [`MakeError`]; a failed proof is no error but a [`Verdict`].
pub async fn towards(
    scratch: &mut Scratch,
    from: State,
    wanted: &Wanted,
    speaks: &Speaks,
    role: &str,
    scope: &Scope,
    online: bool,
) -> Result<Made, MakeError> {
    let worked = work_out(scratch, &from, wanted, (speaks, &[]), role, scope, online).await?;
    Ok(worked.from(from.catalog))
}

/// Both ways between two states.
pub struct Both {
    /// The state wanted.
    pub to: Catalog,
    /// The way there.
    pub up: Vec<Step>,
    /// The way back.
    pub down: Vec<Step>,
    /// What stays as it is because nothing was said of it.
    pub left_alone: LeftAlone,
}

impl Both {
    /// Those from one state to another one, of which what is not spoken of stays as it is, without what changes nothing for the role.
    ///
    /// # Errors
    /// Where there are no steps for a difference.
    pub fn between(base: &Catalog, wanted: &Catalog, speaks: &Speaks, role: &str, online: bool) -> Result<Self, StepsError> {
        let left_alone = left_alone(base, wanted, speaks, &role.into());
        let mut to = landed(base, Cow::Owned(merge(base, wanted.clone(), speaks))).into_owned();
        to.share(base);
        column_list::settle(&mut to);
        let way = |pair: Pair<&Catalog>| -> Result<Vec<Step>, StepsError> {
            let mut steps = steps(pair, online)?;
            steps.retain(|step| !step.is_idle_for(role));
            Ok(steps)
        };
        let (up, down) = (way(Pair::new(base, &to))?, way(Pair::new(&to, &landed(&to, makeable(base)))).map_err(StepsError::of_way_back)?);
        Ok(Self { to, up, down, left_alone })
    }

    /// With renames first.
    fn after(&mut self, renames: &[Rename]) {
        self.up.splice(..0, rename::steps(renames));
        self.down.extend(rename::steps(&renames.iter().rev().map(Rename::back).collect::<Vec<_>>()));
    }

    /// With what the proof says of them.
    pub fn proved(self, verdict: Verdict) -> Worked {
        Worked { both: self, verdict }
    }
}

/// A plan as it is worked out, from a state that is not part of it.
pub struct Worked {
    /// Its two ways.
    pub both: Both,
    /// What the proof said.
    pub verdict: Verdict,
}

impl Worked {
    /// The plan from that state.
    pub fn from(self, from: Catalog) -> Made {
        let Both { to, up, down, left_alone } = self.both;
        Made { from, to, up, down, verdict: self.verdict, exact: Pair::new(true, true), fingerprint: None, left_alone }
    }
}

/// As [`towards`], from a state that is lent, with hints of what is renamed.
///
/// # Errors
/// As [`towards`].
#[tracing::instrument(level = "debug", name = "towards", skip_all)]
pub async fn work_out(
    scratch: &mut Scratch,
    from: &State,
    wanted: &Wanted,
    (speaks, hints): (&Speaks, &[RenameHint]),
    role: &str,
    scope: &Scope,
    online: bool,
) -> Result<Worked, MakeError> {
    let (renames, renamed) = renamed(scratch, &from.catalog, &wanted.catalog, hints, role, scope).await?;
    let base = renamed.as_ref().unwrap_or(&from.catalog);
    let mut both = Both::between(base, &wanted.catalog, speaks, role, online)?;
    both.after(&renames);
    if both.up.is_empty() && both.down.is_empty() {
        return Ok(both.proved(Verdict::nothing(scratch)));
    }
    let client = &wanted.connection.client;
    client.batch_execute(SESSION).await?;
    rehearse::run(client, &steps(Pair::new(&wanted.catalog, &both.to), false)?).await?;
    let photograph = proof::look(&wanted.connection, scope).await?;
    let (up, down) = (&both.up, &both.down);
    let claim = Claim { from: &from.catalog, live: from.photograph.as_ref(), wanted: &photograph, up, down, role, scope };
    let interpreted = interpreted(&from.catalog, &both);
    let mut verdict = proof::prove(scratch, &claim, &wanted.connection).await?;
    verdict.doubt(interpreted.await.unwrap_or_default());
    Ok(both.proved(verdict))
}

/// What the interpreter has otherwise, found while the server is at work; of what it cannot follow it says nothing, since the server has.
pub fn interpreted(from: &Catalog, Both { to, up, down, .. }: &Both) -> oneshot::Receiver<Vec<String>> {
    let (from, to, up, down) = (from.clone(), to.clone(), up.clone(), down.clone());
    computed(move || {
        let doubts = offline::doubts(&from, &to, &up, &down);
        tracing::debug!(wrong = ?doubts.wrong, unknown = ?doubts.unknown, "the interpreter ran the plan too");
        doubts.wrong
    })
}

/// What a scratch database can be made of, other than schema files.
pub enum Build {
    /// A catalog.
    Catalog(Box<Catalog>),
    /// Steps, run on an empty database.
    Steps(Vec<Step>),
}

/// Makes a scratch database of a catalog or of steps.
///
/// # Errors
/// Where the scratch server refuses.
pub async fn built(scratch: &mut Scratch, build: &Build, role: &str, scope: &Scope) -> Result<Wanted, MakeError> {
    if let Build::Steps(steps) = build {
        for role in steps.iter().flat_map(|step| block::created_roles(&step.sql)) {
            scratch.ensure_role(role.as_str(), false).await?;
        }
    }
    let database = scratch.database(None).await?;
    let connection = scratch.connect(&database, Some(role)).await?;
    let client = &connection.client;
    client.batch_execute(SESSION).await?;
    match build {
        Build::Catalog(catalog) => {
            let empty = live::read(client, connection.server.major, scope).await?;
            rehearse::run(client, &steps(Pair::new(&empty, catalog), false)?).await?;
        }
        Build::Steps(steps) => rehearse::run(client, steps).await?,
    }
    let catalog = live::read(client, connection.server.major, scope).await?;
    Ok(Wanted { connection, database, catalog })
}

/// Renames, and what the catalog is once they are done: asked of the server, which knows every text that names what is renamed.
#[tracing::instrument(level = "debug", skip_all)]
async fn renamed(
    scratch: &mut Scratch,
    from: &Catalog,
    to: &Catalog,
    hints: &[RenameHint],
    role: &str,
    scope: &Scope,
) -> Result<(Vec<Rename>, Option<Catalog>), MakeError> {
    let mut renames: Vec<Rename> = Vec::new();
    let mut present: Option<Catalog> = None;
    let mut copy: Option<Wanted> = None;
    // From the outside in: what is within is found by the names of what it is in.
    type Finder = fn(&Catalog, &Catalog, &[RenameHint]) -> Vec<Rename>;
    let finders: [Finder; 4] = [rename::hinted_schemas, rename::hinted, rename::hinted_columns, |from, to, _| rename::evident(from, to)];
    for find in finders {
        let more = find(present.as_ref().unwrap_or(from), to, hints);
        if more.is_empty() {
            continue;
        }
        if copy.is_none() {
            copy = Some(built(scratch, &Build::Catalog(Box::new(from.clone())), role, scope).await?);
        }
        let Some(copy) = &copy else { break };
        rehearse::run(&copy.connection.client, &rename::steps(&more)).await?;
        let mut read = live::read(&copy.connection.client, copy.connection.server.major, scope).await?;
        renames.extend(more);
        // Whoever runs the plan owns the schemas that it makes, as where they come by themselves.
        for schema in renames.iter().filter_map(|rename| rename.makes.as_ref()) {
            read.remove(&schema.owner());
        }
        keep_failures(from, &mut read, |id| rename::renamed(&renames, id));
        present = Some(read);
    }
    if let Some(copy) = copy {
        copy.connection.close().await;
        scratch.drop_database(&copy.database).await?;
    }
    Ok((renames, present))
}
