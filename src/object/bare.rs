//! What two objects that are equal may have otherwise all the same.

use std::borrow::Cow;

use super::{Object, column_list};
use crate::model::{Expr, QName};

impl Object {
    /// Whether it is equal, and has nothing otherwise beside that.
    pub fn is_exactly(&self, other: &Self) -> bool {
        self == other && self.beside() == other.beside() && self.copies() == other.copies()
    }

    /// What two objects that are equal may have otherwise: where it stands, whether it is inherited alone, whether it lacks
    /// its rows, which version of an extension it is.
    pub fn beside(&self) -> (i32, bool, Option<&str>) {
        match self {
            Self::Column(column) => (column.position.0, column.inherited, None),
            Self::Attribute(attribute) => (attribute.position.0, false, None),
            Self::Inheritance(link) => (link.order.0, false, None),
            Self::Extension(extension) => (0, false, extension.version.as_deref()),
            Self::Constraint(constraint) => (0, constraint.inherited, None),
            Self::Trigger(trigger) => (0, trigger.inherited, None),
            Self::MaterializedView(view) => (0, !view.populated.0, None),
            _ => (0, false, None),
        }
    }

    /// Itself without that, and without places of columns.
    pub fn bare(&self) -> Cow<'_, Self> {
        if self.beside() == (0, false, None) && !column_list::stands_in(self) {
            return Cow::Borrowed(self);
        }
        let mut bare = self.clone();
        bare.exprs().into_iter().for_each(Expr::without_places);
        match &mut bare {
            Self::Column(column) => (column.position.0, column.inherited) = (0, false),
            Self::Attribute(attribute) => attribute.position.0 = 0,
            Self::Inheritance(link) => {
                link.order.0 = 0;
                link.copies.0.clear();
            }
            Self::Extension(extension) => extension.version = None,
            Self::Constraint(constraint) => constraint.inherited = false,
            Self::Trigger(trigger) => trigger.inherited = false,
            Self::MaterializedView(view) => view.populated.0 = true,
            _ => {}
        }
        Cow::Owned(bare)
    }

    /// The table at the other end of an inheritance link.
    pub const fn inherits_from(&self) -> Option<&QName> {
        match self {
            Self::Inheritance(link) => Some(&link.parent),
            _ => None,
        }
    }
}
