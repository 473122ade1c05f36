//! Triggers.

use serde::{Deserialize, Serialize};

use crate::model::{Expr, Ident, QName};

/// When a trigger or rule fires (`tgenabled`, `ev_enabled`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Firing {
    /// ENABLE: `O`.
    Origin,
    /// DISABLE: `D`.
    Disabled,
    /// ENABLE REPLICA: `R`.
    Replica,
    /// ENABLE ALWAYS: `A`.
    Always,
}

/// A trigger of a table or view; a partition's copies of its parent's triggers are not objects, but how they fire is (see
/// `inherited`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// CREATE CONSTRAINT TRIGGER.
    pub constraint: bool,
    /// What follows the name in CREATE TRIGGER: `BEFORE UPDATE OF a ON s.t ... EXECUTE FUNCTION s.f()`.
    pub definition: Expr,
    /// The function.
    pub function: QName,
    /// Columns of UPDATE OF.
    pub columns: Vec<Ident>,
    /// ENABLE, DISABLE, ...
    pub firing: Firing,
    /// A partition's copy of its parent's trigger (`tgparentid`), an object only where it fires otherwise than the parent's.
    pub inherited: bool,
}

super::pending!(Trigger);
