//! A part of the schema files, run on a scratch server.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::assemble::{Assembled, Digests};
use super::make::Whole;
use super::{Recalled, capture};
use tokio_postgres::Client;

use crate::model::{Catalog, Dependents, Ident, ObjectId, Pair};
use crate::plan::goal::Goal;
use crate::plan::make::{self, MakeError, Wanted};
use crate::scratch::Scratch;

/// How often what depends on a change may turn out to change itself.
const ROUNDS: usize = 4;

/// Some statements, and what a server makes of them.
pub struct Part {
    /// Their numbers.
    pub statements: Vec<usize>,
    /// The database.
    pub made: Wanted,
}

impl Part {
    /// Runs statements on a database of their own.
    ///
    /// # Errors
    /// What the server does not take without the others.
    pub async fn run(scratch: &mut Scratch, statements: Vec<usize>, goal: &Goal<'_>) -> Result<Self, Whole> {
        let files = Arc::new(goal.files.only(&statements));
        let made = make::wanted(scratch, &files, goal.role, goal.scope).await?;
        Ok(Self { statements, made })
    }

    /// Takes the database away.
    ///
    /// # Errors
    /// The server's.
    pub async fn discard(self, scratch: &mut Scratch) -> Result<(), Whole> {
        self.made.connection.close().await;
        Ok(scratch.drop_database(&self.made.database).await?)
    }

    /// As [`discard`](Self::discard), where nothing is made after it.
    ///
    /// # Errors
    /// The server's.
    pub async fn leave(self, scratch: &mut Scratch) -> Result<(), Whole> {
        self.made.connection.close().await;
        Ok(scratch.leave_database(&self.made.database).await?)
    }
}

/// The wanted state, and the part of it that was made anew to know it.
pub struct Found {
    /// What the files make.
    pub catalog: Catalog,
    /// What was run for it, if anything was.
    pub part: Option<Part>,
}

/// Finds what the files make: what is known, and anew what another thing is said of, with all that hangs on it.
///
/// # Errors
/// Whatever leaves a doubt.
#[tracing::instrument(level = "debug", name = "part", skip_all)]
pub async fn wanted(
    scratch: &mut Scratch,
    (live, digests): (&Catalog, &Digests),
    recalled: &Recalled,
    goal: &Goal<'_>,
) -> Result<Found, Whole> {
    let history = &recalled.history;
    let Assembled { catalog: known, differing } = recalled.known.assemble(live, digests, history)?;
    if differing.is_empty() {
        return Ok(Found { catalog: known, part: None });
    }
    let catalogs = [&known, &history.catalog];
    let dependents = known.dependents();
    let mut anew = at_once(differing, (&known, &history.catalog), &dependents, |ids| {
        worthwhile(&history.statements(goal.files, ids.iter().cloned()), goal).is_ok()
    });
    for _ in 0..ROUNDS {
        let statements = history.statements(goal.files, anew.iter().cloned());
        worthwhile(&statements, goal)?;
        let part = Part::run(scratch, statements, goal).await?;
        let (catalog, changed) = put_together(&known, &part.made.catalog, &anew)?;
        whole_came(&history.catalog, &part.made.catalog, &anew)?;
        let members = members(&part.made.connection.client).await?;
        if capture::possible(&changed, Pair::new(&known, &catalog), &members) {
            return Err(Whole::because("other statements could mean something else now"));
        }
        let more = affected(&changed, Pair::new(&known, &catalog), &dependents, &anew);
        if more.is_empty() {
            return Ok(Found { catalog, part: Some(part) });
        }
        part.discard(scratch).await?;
        anew.extend(whole(more, catalogs));
    }
    Err(Whole::because("one change brings about another"))
}

/// What is made anew first: what another thing is said of; and with it, where that is little, what depends on what the interpreter expects to
/// change, since a second round costs more than a larger first one.
fn at_once(
    differing: impl IntoIterator<Item = ObjectId>,
    (known, expected): (&Catalog, &Catalog),
    dependents: &Dependents<'_>,
    is_little: impl Fn(&FxHashSet<ObjectId>) -> bool,
) -> FxHashSet<ObjectId> {
    let catalogs = [known, expected];
    let least = whole(differing, catalogs);
    let changed: BTreeSet<ObjectId> = least.iter().filter(|id| known.object(id) != expected.object(id)).cloned().collect();
    let more = affected(&changed, Pair::new(known, expected), dependents, &least);
    let all: FxHashSet<ObjectId> = least.iter().cloned().chain(whole(more, catalogs)).collect();
    if is_little(&all) { all } else { least }
}

/// Whether it costs less to run some statements than all of them.
///
/// # Errors
/// Where it does not.
pub fn worthwhile(statements: &[usize], goal: &Goal<'_>) -> Result<(), Whole> {
    if goal.memory.is_some_and(|memory| memory.statements > 1) && statements.len() * 2 > goal.files.statements.len() {
        return Err(Whole::because("the change reaches most of the schema"));
    }
    Ok(())
}

/// Objects with their parts and satellites.
fn whole(ids: impl IntoIterator<Item = ObjectId>, catalogs: [&Catalog; 2]) -> FxHashSet<ObjectId> {
    let mut found = FxHashSet::default();
    for id in ids {
        catalogs.iter().for_each(|catalog| found.extend(catalog.descendants(&id)));
        found.insert(id);
    }
    found
}

/// Whether it is one of these, or a part or satellite of one.
fn belongs(id: &ObjectId, catalog: &Catalog, anew: &FxHashSet<ObjectId>) -> bool {
    let above = |id: &ObjectId| catalog.get(id).and_then(|entry| entry.parent.clone()).or_else(|| id.target().cloned());
    std::iter::successors(Some(id.clone()), above).any(|id| anew.contains(&id))
}

/// Whether all came that the interpreter expects of what was made anew, and nothing else: otherwise something was missing that cannot be
/// told from what statements name (the indexes of a table that another one is LIKE).
fn whole_came(expected: &Catalog, found: &Catalog, anew: &FxHashSet<ObjectId>) -> Result<(), Whole> {
    let one_sided = |one: &Catalog, other: &Catalog| {
        let of_one = one.ids().filter(|id| !id.kind.is_about_roles() && !other.contains(id));
        of_one.filter(|id| belongs(id, one, anew)).map(|id| Whole(format!("{id} is not as the interpreter expects it"))).next()
    };
    one_sided(expected, found).or_else(|| one_sided(found, expected)).map_or(Ok(()), Err)
}

/// The names of what extensions have, which are in no catalog of the model.
async fn members(client: &Client) -> Result<FxHashSet<Ident>, MakeError> {
    const NAMES: &str = "SELECT p.proname::text FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_depend d ON d.objid = p.oid
            AND d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.deptype = 'e'
        UNION SELECT t.typname::text FROM pg_catalog.pg_type t JOIN pg_catalog.pg_depend d ON d.objid = t.oid
            AND d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.deptype = 'e'
        UNION SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_depend d ON d.objid = c.oid
            AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'e'";
    let rows = client.query_typed(NAMES, &[]).await?;
    Ok(rows.iter().map(|row| row.try_get::<_, &str>(0).map(Ident::new)).collect::<Result<_, _>>()?)
}

/// The known state with what was made anew in its place, and what is otherwise than before.
///
/// # Errors
/// Where something else has come out otherwise: then what is known does not hold.
fn put_together(known: &Catalog, found: &Catalog, anew: &FxHashSet<ObjectId>) -> Result<(Catalog, BTreeSet<ObjectId>), Whole> {
    let belongs = |id: &ObjectId| belongs(id, found, anew);
    let mut catalog = known.clone();
    let mut changed = BTreeSet::new();
    for id in found.ids() {
        let is_same = known.object(id) == found.object(id);
        if belongs(id) {
            catalog.adopt(found, id);
        } else if !is_same {
            return Err(Whole(format!("{id} does not come out as it is known")));
        }
        if !is_same {
            changed.insert(id.clone());
        }
    }
    for id in anew.iter().filter(|id| known.contains(id) && !found.contains(id)) {
        catalog.remove(id);
        changed.insert(id.clone());
    }
    Ok((catalog, changed))
}

/// What may become another thing because of what it needs, although nothing else is said of it.
fn affected(
    changed: &BTreeSet<ObjectId>,
    pair: Pair<&Catalog>,
    dependents: &Dependents<'_>,
    anew: &FxHashSet<ObjectId>,
) -> FxHashSet<ObjectId> {
    let mut found = FxHashSet::default();
    let mut open: Vec<ObjectId> = changed.iter().cloned().collect();
    while let Some(id) = open.pop() {
        let mut next: Vec<&ObjectId> = dependents.of(&id).collect();
        let relation = pair.from.get(&id).or_else(|| pair.to.get(&id)).and_then(|entry| entry.parent.as_ref());
        // A star, or a name without its relation's, means other columns: whoever uses any of them may use another one.
        if let Some(relation) = relation.filter(|_| id.kind.is_column() && changed.contains(&id)) {
            let columns: Vec<&ObjectId> = pair.from.children(relation).filter(|child| child.kind.is_column()).collect();
            next.extend(columns.into_iter().chain([relation]).flat_map(|one| dependents.of(one)));
        }
        if let Some(name) = id.qname() {
            next.extend(pair.from.inheritors(name).filter_map(|(_, link)| link.parent.as_ref()));
        }
        open.extend(next.into_iter().filter(|id| !anew.contains(*id) && found.insert((*id).clone())).cloned());
    }
    found
}
