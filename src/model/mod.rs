//! The one model: identifiers, identities, the catalog, steps, and the values that several kinds share.

pub mod catalog;
mod hex;
pub mod id;
pub mod ident;
pub mod idset;
mod intern;
pub mod keyword;
pub mod options;
pub mod pair;
pub mod step;
pub mod value;

pub use catalog::{Catalog, Dependents, Entry, Origin, discard};
pub use hex::hex;
pub use id::{Key, ObjectId};
pub use ident::{Ident, QName, make_object_name, quote_ident, quote_literal};
pub use idset::IdSet;
pub use intern::Interned;
pub(crate) use intern::Interner;
pub use options::{Options, option_changes, spell_options, with_options};
pub use pair::Pair;
pub use step::{Hazard, Lock, LockMode, Phase, Step, Transaction};
pub use value::{Expr, Otherwise, TypeName, name_list};
