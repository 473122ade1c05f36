//! Roles, memberships of roles, and what roles are set to in every database. They belong to the server, which other databases share, so that
//! they are no objects of a catalog: of them only what schema files speak of is compared and changed, no role is dropped unless a
//! statement drops it, and passwords are nobody's business.

mod changes;
mod interpret;
mod memberships;
mod read;

use std::collections::{BTreeMap, BTreeSet};

pub use changes::{Changes, changes};
pub use interpret::interpret;
pub use read::read;

use super::routine::Setting;
use crate::model::Ident;

/// An attribute of a role that is on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// SUPERUSER.
    Superuser,
    /// CREATEDB.
    CreateDb,
    /// CREATEROLE.
    CreateRole,
    /// INHERIT.
    Inherit,
    /// LOGIN.
    Login,
    /// REPLICATION.
    Replication,
    /// BYPASSRLS.
    BypassRls,
}

impl Flag {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Superuser, Self::CreateDb, Self::CreateRole, Self::Inherit, Self::Login, Self::Replication, Self::BypassRls];

    /// Its name in statements; off, it begins with NO.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Superuser => "SUPERUSER",
            Self::CreateDb => "CREATEDB",
            Self::CreateRole => "CREATEROLE",
            Self::Inherit => "INHERIT",
            Self::Login => "LOGIN",
            Self::Replication => "REPLICATION",
            Self::BypassRls => "BYPASSRLS",
        }
    }

    /// Its name in the parse tree.
    fn of(defname: &str) -> Option<Self> {
        Some(match defname {
            "superuser" => Self::Superuser,
            "createdb" => Self::CreateDb,
            "createrole" => Self::CreateRole,
            "inherit" => Self::Inherit,
            "canlogin" => Self::Login,
            "isreplication" => Self::Replication,
            "bypassrls" => Self::BypassRls,
            _ => return None,
        })
    }
}

/// What is known, or said, of a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// Whether a statement creates it, so that what is not said of it has its default; else only what is said counts.
    pub whole: bool,
    /// Whether a statement says that it shall not be.
    pub dropped: bool,
    /// The attributes that are on or off.
    pub flags: BTreeMap<Flag, bool>,
    /// CONNECTION LIMIT.
    pub limit: Option<i64>,
    /// VALID UNTIL; an empty text is none.
    pub valid_until: Option<String>,
    /// Whether a statement gives it a password.
    pub has_password: bool,
    /// ALTER ROLE .. SET, by name; an empty option is RESET.
    pub settings: BTreeMap<String, Option<Setting>>,
    /// Whether what is not said of its settings is nothing, as RESET ALL has it.
    pub resets: bool,
    /// COMMENT ON ROLE; an empty text is none.
    pub comment: Option<String>,
}

impl Role {
    /// A new role, as CREATE ROLE makes it.
    fn born() -> Self {
        let flags = Flag::ALL.iter().map(|flag| (*flag, *flag == Flag::Inherit)).collect();
        let none = Some(String::new());
        Self { whole: true, flags, limit: Some(-1), valid_until: none.clone(), comment: none, ..Self::default() }
    }
}

/// That a role is a member of another one, and who says so. From 16 on a membership may have been granted by several roles, each with options
/// of its own (`pg_auth_members.grantor`); what files say without GRANTED BY is meant of the membership, whoever has granted it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// What it is made a member of.
    pub role: Ident,
    /// Who is made a member.
    pub member: Ident,
    /// Who granted it, from 16 on.
    pub grantor: Option<Ident>,
}

impl Grant {
    /// Without a word on who grants it.
    pub const fn new(role: Ident, member: Ident) -> Self {
        Self { role, member, grantor: None }
    }

    /// Whether it is of the same membership.
    pub fn is_of(&self, other: &Self) -> bool {
        self.role == other.role && self.member == other.member
    }

    /// Every role that it names.
    pub fn names(&self) -> impl Iterator<Item = &Ident> {
        [&self.role, &self.member].into_iter().chain(&self.grantor)
    }
}

/// With what rights a role is a member of another one; what is not said has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Membership {
    /// Whether a statement takes it away.
    pub revoked: bool,
    /// ADMIN.
    pub admin: Option<bool>,
    /// INHERIT (from 16 on).
    pub inherit: Option<bool>,
    /// SET (from 16 on).
    pub set: Option<bool>,
}

/// What is known, or said, of roles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// Roles by name.
    pub roles: BTreeMap<Ident, Role>,
    /// Memberships.
    pub members: BTreeMap<Grant, Membership>,
    /// Whom the server takes for the grantor where a statement names none, from 16 on; unknown without a server.
    pub grantor: Option<Ident>,
    /// ALTER ROLE ALL SET.
    pub for_all: BTreeMap<String, Option<Setting>>,
    /// Whether nothing else is set for all.
    pub resets_for_all: bool,
    /// ALTER DATABASE .. OWNER TO, of the database at hand.
    pub database_owner: Option<Ident>,
}

impl Roles {
    /// Every role that is spoken of.
    pub fn names(&self) -> BTreeSet<Ident> {
        self.roles.keys().chain(self.members.keys().flat_map(Grant::names)).cloned().collect()
    }

    /// Whether both of a membership are roles that are made here: all memberships between such are theirs to say.
    pub fn make_both(&self, grant: &Grant) -> bool {
        let made = |name| self.roles.get(name).is_some_and(|role| role.whole && !role.dropped);
        made(&grant.role) && made(&grant.member)
    }

    /// What is there where somebody has said all this: no word of what is not.
    #[must_use]
    pub fn settled(mut self) -> Self {
        self.roles.retain(|_, role| !role.dropped);
        self.members.retain(|_, with| !with.revoked);
        self.roles.values_mut().for_each(|role| role.settings.retain(|_, setting| setting.is_some()));
        self.for_all.retain(|_, setting| setting.is_some());
        self
    }

    /// Roles that a statement drops.
    pub fn dropped(&self) -> impl Iterator<Item = &Ident> {
        self.roles.iter().filter(|(_, role)| role.dropped).map(|(name, _)| name)
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
