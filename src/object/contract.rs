//! The contract: what a kind must say.

use std::collections::BTreeSet;

use super::Kind;
use super::read::{Address, CatalogRow, Found, ReadError};
use super::reading::Reading;
use crate::model::{Catalog, Expr, ObjectId, Pair, QName, Step};

/// What statements are made for: both catalogs, and how careful to be.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    /// The catalog before.
    pub from: &'a Catalog,
    /// The catalog wanted.
    pub to: &'a Catalog,
    /// Whether tables may be busy: take the way that blocks least.
    pub online: bool,
    /// Objects that this plan creates, anew or again.
    pub created: &'a BTreeSet<ObjectId>,
}

impl Cx<'_> {
    /// The server major that the statements are for.
    pub fn major(&self) -> u32 {
        self.to.major.max(self.from.major)
    }

    /// Whether the object is there before the plan and stays what it is, so that it may hold rows and have users.
    pub fn stays(&self, id: &ObjectId) -> bool {
        self.from.contains(id) && self.to.contains(id) && !self.created.contains(id)
    }

    /// Whether statements stored in an object, replaced while columns are still there that go, would hold on to them: `excluded` of ON
    /// CONFLICT DO UPDATE has all columns of its table, used or not (`BuildOnConflictExcludedTargetlist` of src/backend/parser/analyze.c).
    pub fn holds_what_goes(&self, id: &ObjectId, statements: &str) -> bool {
        let goes = |need: &ObjectId| need.kind == Kind::Column && !self.to.contains(need);
        statements.contains("ON CONFLICT") && self.from.get(id).is_some_and(|entry| entry.needs.iter().any(goes))
    }
}

/// A place for a name that only one object can have, whatever its kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// `pg_class`: tables, views, indexes, sequences, composite types; indexes behind constraints.
    Relation(QName),
    /// `pg_type`: types, and row types of relations.
    Type(QName),
    /// `pg_proc`: name and input types.
    Routine(QName, Vec<String>),
    /// A name within a relation: columns, or triggers, ... (told apart by the kind that takes it).
    Within(Kind, QName, String),
}

/// How one version of an object becomes another.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// By these statements, while everything that depends on it stays. Empty where the difference needs no statement
    /// (say so only where PostgreSQL really makes none).
    InPlace(Vec<Step>),
    /// By these statements, once dependents that do not [`withstand`](ObjectDef::withstands) it are out of the way; they
    /// are put back afterwards. Column type changes.
    Disturbing(Vec<Step>),
    /// By a new object under the old name while the old one, renamed by `aside`, is still used; dependents that can are
    /// [re-bound](ObjectDef::rebind), the others rebuilt; `gone` drops the old one. Types whose columns keep their rows.
    Swap {
        /// Renames the old one.
        aside: Vec<Step>,
        /// Drops the old one under its new name.
        gone: Vec<Step>,
    },
    /// By two sets of statements: it lets go of what goes `before` that does, and takes what comes `after` that has. Defaults of domains.
    InTurn {
        /// Lets go.
        before: Vec<Step>,
        /// Takes.
        after: Vec<Step>,
    },
    /// By dropping and creating it, with everything that depends on it.
    Replace,
    /// By this change of the object that it is a part of, because alone it cannot: its parent takes the change, and it comes
    /// anew with it. Attributes of a composite type that rows hold.
    Whole(Box<Change>),
}

/// What every kind says of itself. There are no default bodies for required knowledge.
///
/// `create` and `alter` destructure their objects without `..`, so that a new attribute does not compile until each has
/// dealt with it.
pub trait ObjectDef: Sized + Clone + PartialEq {
    /// The kind.
    const KIND: Kind;

    /// The catalog query, from the `.sql` file beside the kind. Lines that end in `-- since N` are for majors from N on,
    /// lines that end in `-- until N` for majors up to N. It gives `classid`, `objid`, `objsubid` of each object, orders
    /// nothing, and leaves out system objects (`oid < 16384`); extension members are left out by the reader.
    const QUERY: &'static str;

    /// The catalog, with the column that is an OID, that has a row from 16384 on wherever there is an object of the kind: where it has none, as
    /// most databases have none of most kinds, the query need not be planned.
    const ROWS: Option<(&'static str, &'static str)> = None;

    /// A query for texts that only some rows need, since they cost the server much: asked with the OIDs of these as `$1`, it gives `oid`
    /// and `definition`, which [`Reading::texts`] then holds.
    const TEXTS: Option<&'static str> = None;

    /// Whether a row of [`QUERY`](Self::QUERY) needs one of [`TEXTS`](Self::TEXTS).
    ///
    /// # Errors
    /// As [`read`](Self::read).
    fn needs_text(_: &CatalogRow<'_>, _: &Reading) -> Result<bool, ReadError> {
        Ok(false)
    }

    /// Gives the objects of the kind that a server keeps with others, and that have no rows of their own.
    fn derived(_: &Reading, _: impl FnMut(Address, Found)) {}

    /// Reads one row of [`QUERY`](Self::QUERY). `None` where the row is no object of its own.
    ///
    /// # Errors
    /// A value that trueup does not know, with object and column.
    fn read(row: &CatalogRow<'_>, server: &Reading) -> Result<Option<Found>, ReadError>;

    /// Whether the statement that creates its parent can create it too. Such an object is split off again where it needs
    /// something that cannot exist before the parent.
    fn inline(&self, id: &ObjectId, cx: &Cx<'_>) -> bool;

    /// Creates it, together with `parts`: those of its descendants in `cx.to` that are [`inline`](Self::inline). Parts
    /// whose own parent is a part hang on that.
    fn create(&self, id: &ObjectId, parts: &BTreeSet<ObjectId>, cx: &Cx<'_>) -> Vec<Step>;

    /// What is left to do where a parent table's statement makes it. CHECKs that are valid where the parent's is not.
    fn after_parent(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step> {
        let _ = (id, cx);
        Vec::new()
    }

    /// Drops it; its parts and satellites go with it. Never CASCADE, but for what goes by it alone and is known to.
    fn drop(&self, id: &ObjectId, cx: &Cx<'_>) -> Vec<Step>;

    /// Makes the wanted version of the present one. Both are versions of one identity, and they differ.
    fn alter(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Change;

    /// What must happen to the object that it is a part of, because PostgreSQL cannot add it there. CHECKs of a domain whose values stand in
    /// arrays that rows hold.
    fn added(&self, id: &ObjectId, cx: &Cx<'_>) -> Option<Change> {
        let _ = (id, cx);
        None
    }

    /// What must be out of the way of its change although it does not need it. CHECKs of a table whose virtual column is computed otherwise.
    fn in_the_way(id: &ObjectId, pair: Pair<&Self>, cx: &Cx<'_>) -> Vec<ObjectId> {
        let _ = (id, pair, cx);
        Vec::new()
    }

    /// What it does when something that it needs is rebuilt or swapped: point itself to the new one in place. `None`: it
    /// is rebuilt. The pair may be two equal versions.
    fn rebind(id: &ObjectId, pair: Pair<&Self>, rebuilt: &ObjectId, cx: &Cx<'_>) -> Option<Change>;

    /// How it lets go of something that goes, and takes what comes, where it otherwise had to be rebuilt.
    fn lets_go(id: &ObjectId, pair: Pair<&Self>, gone: &ObjectId) -> Option<Change> {
        let _ = (id, pair, gone);
        None
    }

    /// Whether it may stay while `disturbed`, which it needs, is altered in a [`Disturbing`](Change::Disturbing) way:
    /// PostgreSQL adapts it by itself.
    fn withstands(&self, id: &ObjectId, disturbed: &ObjectId) -> bool;

    /// Whether it is there only because a parent table has it, so that statements on the parent make, change and drop it.
    fn inherited(&self) -> bool;

    /// Whether a new table has it as it is only where the statement on the parent table that passes it on comes after the table.
    fn comes_down_later(&self) -> bool {
        false
    }

    /// Names that it takes from other kinds of objects.
    fn slots(&self, id: &ObjectId) -> Vec<Slot>;

    /// Every expression in it, for the canonical form.
    fn exprs(&mut self) -> Vec<&mut Expr>;

    /// Follows a rename of something that it names by a field of its own (not in an expression): a key's column, the table
    /// that a foreign key refers to, a trigger's function. Its own identity, `id` as it was before, is not its business.
    fn renamed(&mut self, id: &ObjectId, from: &ObjectId, to: &ObjectId) {
        let _ = (id, from, to);
    }
}
