//! Privileges. Key: `Key::Of(target)`; parent: the target.

use serde::{Deserialize, Serialize};

use std::collections::BTreeMap;

use crate::model::Ident;

/// Who holds a privilege.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Grantee {
    /// Whoever owns the object.
    Owner,
    /// Everybody.
    Public,
    /// A role.
    Role(Ident),
}

/// Privileges by holder: the privilege in SQL's words, and whether it is held WITH GRANT OPTION.
pub type Grants = BTreeMap<Grantee, BTreeMap<String, bool>>;

/// All privileges on an object, the owner's own and PUBLIC's built-in ones included. There is such an object only where
/// they are not what `acldefault` gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privileges {
    /// Who holds what.
    pub grants: Grants,
}

super::pending!(Privileges);
