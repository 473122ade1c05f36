//! Proving a plan: up, down and up again on a scratch server, before anybody sees the plan.
//!
//! The present state is rebuilt from the model and compared with the live database; the wanted state is what the schema
//! files made. The comparison is the witness's, which shares nothing with the model.

mod bodies;
pub mod roles;
pub mod witness;

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use self::witness::{Difference, Photograph, Tolerance, WitnessError};
use super::rehearse::{self, Refused, SESSION};
use super::steps::{StepsError, steps};
use crate::model::{Catalog, Pair, Step};
use crate::object::makeable;
use crate::scratch::{Scratch, ScratchError};
use crate::source::connect::Connection;
use crate::source::live::{self, LiveError, Scope};

/// Where a proof begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// At a copy of the present state that is built from nothing: up, down and up again.
    Rebuilt,
    /// At the wanted state, from which down leads to what the witness cannot tell from the live database: down, up and down again.
    Reached,
    /// As [`Reached`](Self::Reached), with nothing but what the change can reach.
    Part {
        /// How many objects were there.
        objects: usize,
        /// How many the wanted state has.
        of: usize,
    },
}

/// Whether what a plan does about roles is proved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OfRoles {
    /// It does nothing about them.
    #[default]
    None,
    /// It is, on a server of their own.
    Proved,
    /// It is not: others use the scratch server too, and roles are of the whole server.
    Shared,
}

/// What the proof of a plan said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// Up, down and up again gave exactly what they should.
    Proved {
        /// The server, in words.
        server: String,
        /// Where the proof began.
        way: Way,
        /// What the live database has that its rebuilt copy has not: the proof says nothing about that.
        beyond: Vec<String>,
        /// What tables have by themselves too afterwards, where they only inherited it, and names of what they inherit: no statement changes
        /// that.
        own: Vec<String>,
        /// SQL functions whose bodies take columns by places that they could not be given.
        #[serde(default)]
        unfit: Vec<String>,
        /// What the interpreter, which always runs the plan too, has otherwise.
        doubts: Vec<String>,
        /// What is said of roles; nothing where the plan does not touch them.
        #[serde(default)]
        roles: OfRoles,
    },
    /// It did not.
    Failed {
        /// What was tried, and what came out.
        why: Vec<String>,
    },
    /// There was nothing to prove it on.
    Impossible {
        /// Why not.
        why: String,
    },
}

impl Verdict {
    /// Where nothing is to be done.
    pub fn nothing(scratch: &Scratch) -> Self {
        Self::of(scratch, Way::Rebuilt, Vec::new())
    }

    /// Up and down are right; some tables own what they inherited before.
    pub fn of(scratch: &Scratch, way: Way, own: Vec<String>) -> Self {
        let server = scratch.description().to_owned();
        Self::Proved { server, way, beyond: Vec::new(), own, unfit: Vec::new(), doubts: Vec::new(), roles: OfRoles::None }
    }

    /// Says too what was found of roles: where that is wrong, nothing is proved.
    pub fn and_roles(&mut self, found: OfRoles, wrong: Vec<String>) {
        match self {
            Self::Failed { why } => why.extend(wrong),
            other if !wrong.is_empty() => *other = Self::Failed { why: wrong },
            Self::Proved { roles, .. } => *roles = found,
            Self::Impossible { .. } => {}
        }
    }

    /// Says too what the interpreter has otherwise.
    pub fn doubt(&mut self, found: Vec<String>) {
        if let Self::Proved { doubts, .. } = self {
            *doubts = found;
        }
    }
}

/// A proof that could not be carried out.
#[derive(Debug, Error)]
pub enum ProofError {
    /// The scratch server fails.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// Databases cannot be compared.
    #[error(transparent)]
    Witness(#[from] WitnessError),
    /// A scratch database cannot be read.
    #[error(transparent)]
    Live(#[from] LiveError),
    /// There are no steps.
    #[error(transparent)]
    Steps(#[from] StepsError),
    /// The scratch server is lost.
    #[error("the scratch server was lost: {0}")]
    Lost(#[from] tokio_postgres::Error),
}

/// What is to be proved.
pub struct Claim<'a> {
    /// The catalog before.
    pub from: &'a Catalog,
    /// What the live database looks like to the witness; `None` where there is no live database.
    pub live: Option<&'a Photograph>,
    /// The wanted state, made by the schema files.
    pub wanted: &'a Photograph,
    /// Up.
    pub up: &'a [Step],
    /// Down.
    pub down: &'a [Step],
    /// The role that runs everything.
    pub role: &'a str,
    /// What is not looked at.
    pub scope: &'a Scope,
}

/// Looks at a scratch database.
///
/// # Errors
/// Where its catalogs cannot be read.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn look(connection: &Connection, scope: &Scope) -> Result<Photograph, ProofError> {
    let (client, major) = (&connection.client, connection.server.major);
    let left_out = live::left_out(client, major, scope).await?;
    Ok(witness::photograph(connection, &witness::Scope { exclude_schemas: scope.exclude_schemas.clone(), left_out }).await?)
}

fn told(differences: &[Difference]) -> Vec<String> {
    const MOST: usize = 20;
    let mut lines: Vec<String> = differences.iter().take(MOST).map(ToString::to_string).collect();
    if differences.len() > MOST {
        lines.push(format!("and {} more", differences.len() - MOST));
    }
    lines
}

/// Carries out the proof. `wanted` is the database that holds the wanted state; it does not stay as it is.
///
/// # Errors
/// Where the scratch server fails; a plan that does not do what it should is a [`Verdict::Failed`].
pub async fn prove(scratch: &mut Scratch, claim: &Claim<'_>, wanted: &Connection) -> Result<Verdict, ProofError> {
    let server = scratch.description().to_owned();
    if reached(wanted, claim).await? {
        return Ok(Verdict::of(scratch, Way::Reached, Vec::new()));
    }
    let base = scratch.database(None).await?;
    let connection = scratch.connect(&base, Some(claim.role)).await?;
    let (before, beyond) = match rebuild(&connection, claim).await? {
        Ok(rebuilt) => rebuilt,
        Err(refused) => return Ok(Verdict::Failed { why: vec![format!("the present state cannot be rebuilt: {refused}")] }),
    };
    let stages = [("up", claim.up, claim.wanted), ("down", claim.down, &before), ("up again", claim.up, claim.wanted)];
    let verdict = match stages_of(&connection, claim.scope, &before, &stages).await? {
        Ok(Remains { own, unfit }) => {
            let [own, unfit] = [own, unfit].map(|lines| lines.into_iter().collect());
            Verdict::Proved { server, way: Way::Rebuilt, beyond, own, unfit, doubts: Vec::new(), roles: OfRoles::None }
        }
        Err(why) => Verdict::Failed { why },
    };
    connection.close().await;
    scratch.leave_database(&base).await?;
    Ok(verdict)
}

/// Whether down, up and down again lead from the wanted state to the live one and back, as far as the witness sees. Then nothing needs to be
/// rebuilt, which takes most of the time of a proof. Where they do not, or tables have by themselves then what they only inherit live, so that
/// up would begin elsewhere, or functions fit their tables no more, the cause may be what a scratch server cannot have of the live
/// database: the long way tells.
async fn reached(wanted: &Connection, claim: &Claim<'_>) -> Result<bool, ProofError> {
    let Some(live) = claim.live else { return Ok(false) };
    let stages = [("down", claim.down, live), ("up", claim.up, claim.wanted), ("down again", claim.down, live)];
    match stages_of(wanted, claim.scope, claim.wanted, &stages).await? {
        Ok(remains) if remains.is_none() => Ok(true),
        why => {
            tracing::debug!(?why, "the live state is not reached from the wanted one");
            Ok(false)
        }
    }
}

/// Whether down, up and down again lead from the part of the wanted state that a database holds to what is the live one's there, and back:
/// what tables have by themselves too afterwards, or why not. Whether nothing is missing there can be told once down has been run, by `is_whole`.
///
/// # Errors
/// Where the scratch server fails.
pub async fn part<F: Future<Output = Result<bool, ProofError>>>(
    wanted: &Connection,
    claim: &Claim<'_>,
    live: &Photograph,
    is_whole: impl FnOnce() -> F,
) -> Result<Result<Vec<String>, Vec<String>>, ProofError> {
    let scope = claim.scope;
    if let Err(refused) = rehearse::run(&wanted.client, claim.down).await {
        return Ok(Err(vec![format!("down: {refused}")]));
    }
    let before = look(wanted, scope).await?;
    match compared(&before, &live.of_those_of(&before), claim.wanted) {
        Ok(Alike { own, .. }) if own.is_empty() => {}
        Ok(Alike { own, .. }) => return Ok(Err(own)),
        Err(differences) => return Ok(Err(told(&differences))),
    }
    if !is_whole().await? {
        return Ok(Err(vec!["down: something is missing, or other than it is live".to_owned()]));
    }
    let stages = [("up", claim.up, claim.wanted), ("down again", claim.down, &before)];
    Ok(match stages_of(wanted, scope, &before, &stages).await? {
        Ok(Remains { own, unfit }) if unfit.is_empty() => Ok(own.into_iter().collect()),
        Ok(Remains { unfit, .. }) => Err(unfit.into_iter().collect()),
        Err(why) => Err(why),
    })
}

/// What is not as the files have it although no statement could do better.
#[derive(Debug, Default)]
struct Remains {
    /// What tables have by themselves too.
    own: BTreeSet<String>,
    /// Functions that do not fit columns in another order.
    unfit: BTreeSet<String>,
}

impl Remains {
    fn is_none(&self) -> bool {
        self.own.is_empty() && self.unfit.is_empty()
    }
}

/// What two databases may have otherwise that are alike as far as statements can make them so.
struct Alike {
    /// What tables have by themselves too.
    own: Vec<String>,
    /// Whether columns stand in another order.
    moved: bool,
    /// Whether nothing at all is otherwise.
    same: bool,
}

/// How alike they are; otherwise what differs.
fn compared(came_out: &Photograph, expected: &Photograph, start: &Photograph) -> Result<Alike, Vec<Difference>> {
    let all = witness::differences(came_out, expected, &Tolerance { column_order: false, ..Tolerance::default() });
    let same = all.is_empty();
    let (orders, rest): (Vec<Difference>, Vec<Difference>) = all.into_iter().partition(Difference::is_order);
    let (owned, differences): (Vec<Difference>, Vec<Difference>) = rest.into_iter().partition(|difference| difference.own);
    let differences: Vec<Difference> = differences.into_iter().filter(|difference| !difference.is_as_before(start)).collect();
    if differences.is_empty() { Ok(Alike { own: told(&owned), moved: !orders.is_empty(), same }) } else { Err(differences) }
}

type Stage<'a> = (&'static str, &'a [Step], &'a Photograph);

/// Runs one way after the other and compares what comes out with what should: what remains, or why it is not right.
async fn stages_of(
    connection: &Connection,
    scope: &Scope,
    start: &Photograph,
    stages: &[Stage<'_>],
) -> Result<Result<Remains, Vec<String>>, ProofError> {
    let mut remains = Remains::default();
    let mut start = Cow::Borrowed(start);
    for &(name, steps, expected) in stages {
        if let Err(refused) = rehearse::run(&connection.client, steps).await {
            return Ok(Err(vec![format!("{name}: {refused}")]));
        }
        let came_out = look(connection, scope).await?;
        match compared(&came_out, expected, &start) {
            Ok(Alike { own, moved, same }) => {
                remains.own.extend(own);
                if name == "up" && moved {
                    remains.unfit.extend(bodies::unfit(&connection.client).await?);
                }
                // A photograph of ten thousand tables has a million rows: one of those that are the same is enough.
                start = if same { Cow::Borrowed(expected) } else { Cow::Owned(came_out) };
            }
            Err(differences) => {
                let mut why = vec![format!("{name}: the result is not what it should be (left: what came out, right: what should)")];
                why.extend(told(&differences));
                return Ok(Err(why));
            }
        }
    }
    Ok(Ok(remains))
}

/// Makes the state before the plan in an empty database, and says what of the live database is not in it.
#[tracing::instrument(level = "debug", skip_all)]
async fn rebuild(connection: &Connection, claim: &Claim<'_>) -> Result<Result<(Photograph, Vec<String>), Refused>, ProofError> {
    let client = &connection.client;
    let empty = live::read(client, connection.server.major, claim.scope).await?;
    client.batch_execute(SESSION).await?;
    let build = steps(Pair::new(&empty, &makeable(claim.from)), false)?;
    if let Err(refused) = rehearse::run(client, &build).await {
        return Ok(Err(refused));
    }
    let before = look(connection, claim.scope).await?;
    let differences = claim.live.map(|live| witness::differences(live, &before, &Tolerance::default())).unwrap_or_default();
    let beyond: Vec<Difference> = differences.into_iter().filter(|difference| !difference.own).collect();
    Ok(Ok((before, told(&beyond))))
}
