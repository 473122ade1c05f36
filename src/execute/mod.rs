//! Running plans: the migration lock, the steps in their transactions, the records of them, and what to do where it was
//! interrupted.
//!
//! What a step did and that it did it are committed by one transaction ([`run`]). A step that cannot be part of one is
//! recorded as running before and as done after it; where the second record is missing, the catalog tells how far the
//! step came ([`recognise`]). So whatever happens, running `apply` again goes on where the record ends.

pub mod apply;
pub mod down;
pub mod history;
pub mod ledger;
pub mod lock;
pub mod recognise;
pub mod run;
pub mod settle;
pub mod tracking;

use std::time::Duration;

use crate::config::Settings;
use crate::error::Error;
use crate::plan::file::{Direction, PlanStep};
use crate::source::connect::{ConnectSettings, Connection};

pub use lock::Holder;

/// The version of trueup that the records name.
pub const TOOL_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Reads what a database is: the same text for the same catalog, on any server.
pub trait Fingerprint {
    /// The fingerprint of the database as it is; `None` where this build cannot tell.
    fn fingerprint(&self, connection: &Connection) -> impl Future<Output = Result<Option<String>, Error>>;

    /// The fingerprint with the catalog itself, packed; `None` where this build cannot tell.
    fn observe(&self, connection: &Connection) -> impl Future<Output = Result<Option<(String, Vec<u8>)>, Error>>;
}

/// How long steps may wait and run.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest wait for the migration lock.
    pub lock_timeout: Duration,
    /// `lock_timeout` of one try of a step.
    pub step_lock_timeout: Duration,
    /// `statement_timeout` of a step; zero for none.
    pub statement_timeout: Duration,
    /// How often a step that got no lock is tried again.
    pub retries: u32,
}

impl From<&Settings> for Limits {
    fn from(settings: &Settings) -> Self {
        Self {
            lock_timeout: settings.lock_timeout,
            step_lock_timeout: settings.step_lock_timeout,
            statement_timeout: settings.statement_timeout,
            retries: settings.retries,
        }
    }
}

/// A session on another's lock.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Blocker {
    /// Its process.
    pub pid: i32,
    /// Its user.
    pub user: Option<String>,
    /// Its program.
    pub application: Option<String>,
    /// `pg_stat_activity.state`, where the rights let it be seen.
    pub state: Option<String>,
    /// How many seconds its transaction has been open.
    pub seconds: Option<i64>,
}

/// What goes on, for whoever shows it.
#[derive(Debug)]
pub enum Event<'a> {
    /// The migration lock is held by someone else; trueup waits.
    WaitingForLock {
        /// By whom, where that can be seen.
        holder: Option<&'a Holder>,
        /// For how long at most.
        at_most: Duration,
    },
    /// The tracking tables were made or brought to this version.
    Tracking {
        /// The version.
        version: u32,
    },
    /// A plan begins.
    PlanBegins {
        /// `NNNN_name`.
        plan: &'a str,
        /// Which way.
        direction: Direction,
        /// How many steps are left to do.
        steps: usize,
        /// How many were done by a run before.
        done: usize,
    },
    /// A step begins.
    StepBegins {
        /// The step.
        step: &'a PlanStep,
    },
    /// A step has ended well. A step of a transaction can still be undone with it.
    StepEnds {
        /// The step.
        step: &'a PlanStep,
        /// How long it took.
        elapsed: Duration,
    },
    /// A step that was interrupted is found to be finished already.
    StepFound {
        /// The step.
        step: &'a PlanStep,
    },
    /// A step got no lock; its transaction is undone and tried again after a pause.
    TryAgain {
        /// The step.
        step: &'a PlanStep,
        /// Which try comes next, counted from 1.
        attempt: u32,
        /// How long it waits before.
        pause: Duration,
        /// What the server said.
        because: &'a str,
        /// Who held locks on the step's relations.
        blockers: &'a [Blocker],
    },
    /// A plan has ended well.
    PlanEnds {
        /// `NNNN_name`.
        plan: &'a str,
        /// Which way.
        direction: Direction,
        /// How long all of it took.
        elapsed: Duration,
    },
}

/// Where plans run, and how.
pub struct Target<'a, F> {
    /// The session that runs them.
    pub connection: &'a Connection,
    /// How to open another one.
    pub connect: &'a ConnectSettings,
    /// How long to wait.
    pub limits: Limits,
    /// Reads what the database is.
    pub fingerprint: &'a F,
    /// Told what goes on.
    pub listen: &'a dyn Fn(&Event<'_>),
}

/// The name of this machine, as the records have it.
pub fn host_name() -> Option<String> {
    nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok())
}
