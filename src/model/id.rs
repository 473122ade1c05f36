//! Identity by shape: every object is its kind and one of a handful of keys.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ident::{Ident, QName};
use super::intern::{Interned, Interner};
use crate::object::Kind;

/// The shapes that identities have.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Key {
    /// A name that is unique in the database: schemas, extensions, languages, publications.
    Global(Ident),
    /// A name in a schema: relations, types, collations.
    InSchema(QName),
    /// A name on a relation or type: columns, constraints, triggers, policies, rules.
    OnRelation(QName, Ident),
    /// A routine, operator or the like: its name and the canonical types of its input arguments.
    Routine(QName, Vec<String>),
    /// What two names tell apart, such as a cast (source type, target type) or an operator class (name, access method).
    Two(String, String),
    /// A satellite of another object: its comment, owner, privileges, default expression, ...
    Of(ObjectId),
    /// A satellite of which one object can have several, told apart by a name (security label provider).
    OfNamed(ObjectId, Ident),
    /// `ALTER DEFAULT PRIVILEGES FOR ROLE .. [IN SCHEMA ..] .. ON <object type>`.
    DefaultPrivileges(Ident, Option<Ident>, char),
}

/// What makes an identity.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// What kind of object it is.
    pub kind: Kind,
    /// Which one of its kind.
    pub key: Key,
}

/// The identity of an object. Equal ones are one in memory; the order is that of kinds and names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(Interned<Identity>);

static KNOWN: Interner<Identity> = Interner::new();

impl Deref for ObjectId {
    type Target = Identity;

    fn deref(&self) -> &Identity {
        &self.0
    }
}

impl From<Identity> for ObjectId {
    fn from(identity: Identity) -> Self {
        Self(KNOWN.get(identity))
    }
}

impl Serialize for ObjectId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ObjectId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Identity::deserialize(deserializer).map(Self::from)
    }
}

impl ObjectId {
    /// The identity of that kind and key.
    pub fn new(kind: Kind, key: Key) -> Self {
        Identity { kind, key }.into()
    }

    /// Where it is in memory: the same for equal ones, in an order that means nothing.
    pub fn place(&self) -> usize {
        self.0.place()
    }

    /// An object that is unique in its database by one name.
    pub fn global(kind: Kind, name: impl Into<Ident>) -> Self {
        Self::new(kind, Key::Global(name.into()))
    }

    /// An object with a name in a schema.
    pub fn in_schema(kind: Kind, name: QName) -> Self {
        Self::new(kind, Key::InSchema(name))
    }

    /// An object with a name on a relation or type.
    pub fn on(kind: Kind, relation: QName, name: impl Into<Ident>) -> Self {
        Self::new(kind, Key::OnRelation(relation, name.into()))
    }

    /// A satellite.
    pub fn of(kind: Kind, target: ObjectId) -> Self {
        Self::new(kind, Key::Of(target))
    }

    /// The last part of the name, as far as the shape has one.
    pub fn name(&self) -> Option<&Ident> {
        match &self.key {
            Key::Global(name) | Key::OnRelation(_, name) | Key::OfNamed(_, name) => Some(name),
            Key::InSchema(name) | Key::Routine(name, _) => Some(&name.name),
            Key::Of(target) => target.name(),
            Key::Two(..) | Key::DefaultPrivileges(..) => None,
        }
    }

    /// The qualified name of the object itself, or of the relation or type that it belongs to.
    pub fn qname(&self) -> Option<&QName> {
        match &self.key {
            Key::InSchema(name) | Key::OnRelation(name, _) | Key::Routine(name, _) => Some(name),
            Key::Of(target) | Key::OfNamed(target, _) => target.qname(),
            Key::Global(_) | Key::Two(..) | Key::DefaultPrivileges(..) => None,
        }
    }

    /// The schema that holds the object, where one does.
    pub fn schema(&self) -> Option<&Ident> {
        self.qname().map(|name| &name.schema)
    }

    /// The same thing of another relation; itself where it belongs to none.
    pub fn moved_to(&self, relation: &QName) -> Self {
        let key = match &self.key {
            Key::OnRelation(_, name) => Key::OnRelation(relation.clone(), name.clone()),
            Key::Of(target) => Key::Of(target.moved_to(relation)),
            Key::OfNamed(target, name) => Key::OfNamed(target.moved_to(relation), name.clone()),
            other => other.clone(),
        };
        Self::new(self.kind, key)
    }

    /// What a satellite belongs to.
    pub fn target(&self) -> Option<&ObjectId> {
        match &self.key {
            Key::Of(target) | Key::OfNamed(target, _) => Some(target),
            _ => None,
        }
    }

    /// The name as COMMENT ON, GRANT ON, ALTER .. OWNER TO and DROP want it, without the kind's keyword:
    /// `s.t`, `c ON s.t`, `s.f(integer, text)`.
    pub fn spelled(&self) -> String {
        Spelled(self).to_string()
    }

    /// The one spelling of an object for statements and for people: `TABLE s.t`, `TRIGGER x ON s.t`, `FUNCTION s.f(integer)`.
    pub fn address(&self) -> String {
        self.to_string()
    }
}

/// An object as it is spelled behind its keyword.
struct Spelled<'a>(&'a ObjectId);

impl fmt::Display for Spelled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.0.kind;
        match &self.0.key {
            Key::Global(name) => name.fmt(f),
            Key::InSchema(name) => name.fmt(f),
            Key::OnRelation(relation, name) if kind.is_dotted() => write!(f, "{relation}.{name}"),
            Key::OnRelation(relation, name) if kind.is_on_domain() => write!(f, "{name} ON DOMAIN {relation}"),
            Key::OnRelation(relation, name) => write!(f, "{name} ON {relation}"),
            Key::Routine(name, types) => f.write_str(&kind.spell_routine(name, types)),
            Key::Two(a, b) => f.write_str(&kind.spell_two(a, b)),
            Key::Of(target) if kind.is_known_by_column() => write!(f, "NOT NULL ON {}", Spelled(target)),
            Key::Of(target) => target.fmt(f),
            Key::OfNamed(target, name) => write!(f, "{target} {name}"),
            Key::DefaultPrivileges(role, schema, kind) => {
                write!(f, "FOR ROLE {role}")?;
                schema.iter().try_for_each(|schema| write!(f, " IN SCHEMA {schema}"))?;
                write!(f, " ON {kind}")
            }
        }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.keyword(), Spelled(self))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
