//! Making a plan with a scratch server: both sides in the server's own words, and a proof.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::{join, try_join};
use thiserror::Error;
use tokio::sync::oneshot;

use super::known::{self, Memory, Place};
use super::made::Made;
use super::merge::{LeftAlone, Speaks, left_alone, merge};
use super::offline;
use super::proof::{self, Claim, ProofError, Verdict, witness::Photograph};
use super::rehearse::{self, Refused, SESSION};
use super::rename::{self, Rename, RenameHint};
use super::steps::{StepsError, steps};
use crate::model::{Catalog, Pair, Step};
use crate::scratch::{Scratch, ScratchError};
use crate::source::block;
use crate::source::connect::Connection;
use crate::source::files::SchemaFiles;
use crate::source::live::{self, LiveError, Scope};
use crate::source::load::{self, LoadError, Told};

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

/// The names of the roles that a server has.
///
/// # Errors
/// Where the server is lost.
pub async fn roles(target: &Connection) -> Result<Vec<String>, MakeError> {
    let rows = target.client.query("SELECT r.rolname::text FROM pg_catalog.pg_roles r ORDER BY 1", &[]).await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}

/// Creates on the scratch server the roles that the target has, so that statements can name them.
///
/// # Errors
/// Where either server refuses.
pub async fn copy_roles(target: &Connection, scratch: &mut Scratch) -> Result<(), MakeError> {
    const ROLES: &str =
        "SELECT r.rolname::text, r.rolsuper FROM pg_catalog.pg_roles r WHERE NOT pg_catalog.starts_with(r.rolname, 'pg_') ORDER BY 1";
    for row in target.client.query(ROLES, &[]).await? {
        // Event triggers can only belong to superusers.
        let (role, superuser): (String, bool) = (row.try_get(0)?, row.try_get(1)?);
        scratch.ensure_role(&role, superuser).await?;
    }
    scratch.ensure_role(&target.server.current_user, true).await?;
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

/// Runs the schema files on a new database; roles that they name are made as they are found missing. Their history is told where somebody
/// is to `learn` it.
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
    let mut made = BTreeSet::new();
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

async fn wanted_and_told(
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

/// What is to be planned towards.
pub struct Goal<'a> {
    /// The schema files.
    pub files: &'a Arc<SchemaFiles>,
    /// The role that runs everything.
    pub role: &'a str,
    /// What is not looked at.
    pub scope: &'a Scope,
    /// Whether changes of existing tables take the way that blocks least.
    pub online: bool,
    /// Where known states are kept; `None` where nothing is to be known.
    pub memory: Option<&'a Memory>,
}

impl Goal<'_> {
    /// What the files speak of, beside the objects themselves.
    pub fn speaks(&self) -> Speaks {
        self.files.speaks().by(&self.role.into())
    }

    /// Where something may be known of these files.
    fn place(&self, scratch: &Scratch) -> Option<Place> {
        let memory = self.memory.filter(|memory| self.files.statements.len() >= memory.statements)?;
        let all_seen = self.scope.ignore.is_empty() && rename::hints(self.files).is_empty();
        Place::of(&memory.project, scratch, self.role, self.scope).filter(|_| all_seen)
    }
}

/// Plans from the present state, which is read while the schema files are run, to what these make: as much of them as is not known.
///
/// # Errors
/// See [`MakeError`]; a failed proof is no error but a [`Verdict`].
pub async fn make(scratch: &mut Scratch, from: impl Future<Output = Result<State, MakeError>>, goal: &Goal<'_>) -> Result<Made, MakeError> {
    let Some(place) = goal.place(scratch) else { return whole(scratch, from, goal, None).await };
    if !place.is_taken() {
        return whole(scratch, from, goal, Some(&place)).await;
    }
    let (from, recalled) = join(from, known::recall(&place, goal.files, scratch.major())).await;
    let from = from?;
    if let Ok(Some(recalled)) = recalled {
        match known::make(scratch, &from, recalled, goal, &place).await {
            Ok(worked) => return Ok(worked.from(from.catalog)),
            Err(why) => tracing::debug!(%why, "the whole way"),
        }
    }
    whole(scratch, async { Ok(from) }, goal, Some(&place)).await
}

/// As [`make`], with nothing known before.
async fn whole(
    scratch: &mut Scratch,
    from: impl Future<Output = Result<State, MakeError>>,
    goal: &Goal<'_>,
    place: Option<&Place>,
) -> Result<Made, MakeError> {
    let from = async {
        let from = from.await?;
        let digests = place.map(|_| known::digests(&from.catalog));
        Ok((from, digests))
    };
    let wanted = wanted_and_told(scratch, goal.files, goal.role, goal.scope, place.is_some());
    let ((from, digests), (wanted, told)) = try_join(from, wanted).await?;
    let learned = match place.zip(digests) {
        Some((place, digests)) => known::learn(scratch, place, (told, digests), Pair::new(&from.catalog, &wanted.catalog)).await?,
        None => None,
    };
    let about = (&goal.speaks(), rename::hints(goal.files));
    let worked = work_out(scratch, &from, &wanted, (about.0, &about.1), goal.role, goal.scope, goal.online).await;
    wanted.connection.close().await;
    // That of a private server goes with it.
    if !scratch.is_private() {
        scratch.drop_database(&wanted.database).await?;
    }
    let worked = worked?;
    if let Some(learned) = learned {
        learned.keep(from.photograph.as_ref(), &worked).await;
    }
    Ok(worked.from(from.catalog))
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
    /// Those from one state to another one, of which what is not spoken of stays as it is.
    ///
    /// # Errors
    /// Where there are no steps for a difference.
    pub fn between(base: &Catalog, wanted: &Catalog, speaks: &Speaks, role: &str, online: bool) -> Result<Self, StepsError> {
        let left_alone = left_alone(base, wanted, speaks, &role.into());
        let mut to = merge(base, wanted.clone(), speaks);
        to.share(base);
        let up = steps(Pair::new(base, &to), online)?;
        let down = steps(Pair::new(&to, base), online)?;
        Ok(Self { to, up, down, left_alone })
    }

    /// With renames first, and without what changes nothing for the role.
    fn around(&mut self, renames: &[Rename], role: &str) {
        self.up.splice(..0, rename::steps(renames));
        self.down.extend(rename::steps(&renames.iter().rev().map(Rename::back).collect::<Vec<_>>()));
        for steps in [&mut self.up, &mut self.down] {
            steps.retain(|step| !step.is_idle_for(role));
        }
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
    fn from(self, from: Catalog) -> Made {
        let Both { to, up, down, left_alone } = self.both;
        Made { from, to, up, down, verdict: self.verdict, exact: Pair::new(true, true), left_alone }
    }
}

#[tracing::instrument(level = "debug", name = "towards", skip_all)]
async fn work_out(
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
    both.around(&renames, role);
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
    let (send, receive) = oneshot::channel();
    rayon::spawn(move || {
        let doubts = offline::doubts(&from, &to, &up, &down);
        tracing::debug!(wrong = ?doubts.wrong, unknown = ?doubts.unknown, "the interpreter ran the plan too");
        let _unwanted = send.send(doubts.wrong);
    });
    receive
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
    // Relations first, then what is found by the names of relations.
    type Finder = fn(&Catalog, &Catalog, &[RenameHint]) -> Vec<Rename>;
    let finders: [Finder; 3] = [rename::hinted, rename::hinted_columns, |from, to, _| rename::evident(from, to)];
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
        present = Some(live::read(&copy.connection.client, copy.connection.server.major, scope).await?);
        renames.extend(more);
    }
    if let Some(copy) = copy {
        copy.connection.close().await;
        scratch.drop_database(&copy.database).await?;
    }
    Ok((renames, present))
}
