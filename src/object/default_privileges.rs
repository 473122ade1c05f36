//! ALTER DEFAULT PRIVILEGES.

use serde::{Deserialize, Serialize};

use super::privileges::Grants;

/// ALTER DEFAULT PRIVILEGES.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultPrivileges {
    /// All that `pg_default_acl.defaclacl` holds, by holder. For global entries it replaces the built-in privileges, so
    /// those are in it; for a schema's entries it is added.
    pub grants: Grants,
}

super::pending!(DefaultPrivileges);
