//! What is known of a server while its catalogs are read: names by number, so that each is asked for once and not joined in everywhere.

use rustc_hash::FxHashMap;
use tokio_postgres::Row;

use super::{CatalogRow, ReadError};
use crate::model::{Ident, QName};

/// What is a table, as `pg_class.relkind` has it.
pub const TABLES: &[char] = &['r', 'p', 'f'];

/// A relation with columns.
#[derive(Clone, Debug)]
pub struct NamedRelation {
    /// Its name.
    pub name: QName,
    /// `pg_class.relkind`.
    pub kind: char,
    /// The OIDs of what it inherits from, or is a partition of.
    pub parents: Vec<u32>,
}

/// A column, as far as others are read by it.
#[derive(Clone, Debug)]
pub struct NamedColumn {
    /// Its name.
    pub name: Ident,
    /// The OID of its type.
    pub type_id: u32,
    /// The OID of its collation.
    pub collation: u32,
    /// Whether it is NOT NULL.
    pub not_null: bool,
    /// Whether it has come from a parent alone.
    pub inherited: bool,
    /// Its statistics target, where it has one.
    pub statistics: Option<i32>,
    /// Whether it has `attoptions`.
    pub has_options: bool,
}

/// An operator class that is the default of its access method for its type.
#[derive(Clone, Copy, Debug)]
pub struct DefaultOpclass {
    /// The OID of the type.
    pub input: u32,
    /// The OID of the access method.
    pub method: u32,
    /// The OID of the type that the index holds; 0 where it is the one that is indexed.
    pub key: u32,
}

/// The index of a partitioned table that indexes of partitions are attached to.
#[derive(Clone, Debug)]
pub struct ParentIndex {
    /// The partitioned table.
    pub relation: QName,
    /// Its own name.
    pub index: Ident,
    /// The constraint that owns it.
    pub constraint: Option<Ident>,
}

/// What is known of the server while its catalogs are read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Server major.
    pub major: u32,
    /// Relations with columns, but for temporary ones and those of PostgreSQL itself.
    pub relations: FxHashMap<u32, NamedRelation>,
    /// Columns by relation and number; of indexes those alone that have options or a statistics target.
    pub columns: FxHashMap<u32, FxHashMap<i16, NamedColumn>>,
    /// Of indexes that are attached to another one, that one.
    pub index_parents: FxHashMap<u32, ParentIndex>,
    /// Operator classes that go without saying, by OID.
    pub opclasses: FxHashMap<u32, DefaultOpclass>,
    /// Texts that were asked for by OID ([`ObjectDef::TEXTS`](super::ObjectDef::TEXTS)).
    pub texts: FxHashMap<u32, String>,
}

impl Reading {
    /// Takes in relations.
    ///
    /// # Errors
    /// Where the query does not give them.
    pub fn take_relations(&mut self, rows: &[Row]) -> Result<(), ReadError> {
        for row in rows {
            let row = CatalogRow::new(row);
            let oid: u32 = row.get("oid")?;
            let name = row.qname("nspname", "relname")?;
            let kind = row.char("relkind")?;
            let parents: Option<Vec<u32>> = row.get("parents")?;
            self.relations.insert(oid, NamedRelation { name, kind, parents: parents.unwrap_or_default() });
        }
        Ok(())
    }

    /// Takes in what indexes are attached to.
    ///
    /// # Errors
    /// Where the query does not give it.
    pub fn take_index_parents(&mut self, rows: &[Row]) -> Result<(), ReadError> {
        for row in rows {
            let row = CatalogRow::new(row);
            let relation = row.qname("nspname", "relname")?;
            let parent = ParentIndex { relation, index: row.ident("indname")?, constraint: row.opt_ident("conname")? };
            self.index_parents.insert(row.get("oid")?, parent);
        }
        Ok(())
    }

    /// Takes in the operator classes that are defaults.
    ///
    /// # Errors
    /// Where the query does not give them.
    pub fn take_opclasses(&mut self, rows: &[Row]) -> Result<(), ReadError> {
        for row in rows {
            let row = CatalogRow::new(row);
            let class = DefaultOpclass { input: row.get("opcintype")?, method: row.get("opcmethod")?, key: row.get("opckeytype")? };
            self.opclasses.insert(row.get("oid")?, class);
        }
        Ok(())
    }

    /// Takes in columns from the rows that columns are read from.
    ///
    /// # Errors
    /// Where the query does not give them.
    pub fn take_columns(&mut self, rows: &[Row]) -> Result<(), ReadError> {
        for row in rows {
            let row = CatalogRow::new(row);
            let relation: u32 = row.get("objid")?;
            let number = i16::try_from(row.get::<i32>("objsubid")?).unwrap_or_default();
            let column = NamedColumn {
                name: row.ident("attname")?,
                type_id: row.get("atttypid")?,
                collation: row.get("attcollation")?,
                statistics: row.get("statistics")?,
                has_options: row.get::<Option<Vec<String>>>("attoptions")?.is_some(),
                inherited: row.get("inherited")?,
                not_null: row.get("attnotnull")?,
            };
            self.columns.entry(relation).or_default().insert(number, column);
        }
        Ok(())
    }

    /// Takes in texts by OID.
    ///
    /// # Errors
    /// Where the query does not give them.
    pub fn take_texts(&mut self, rows: &[Row]) -> Result<(), ReadError> {
        for row in rows {
            let row = CatalogRow::new(row);
            self.texts.insert(row.get("oid")?, row.get("definition")?);
        }
        Ok(())
    }

    /// The operator class of that OID, where it goes without saying for a type (`GetDefaultOpClass`, src/backend/commands/indexcmds.c): the
    /// default for that very type, or, where it has none, for one that stands for it: a polymorphic one, or text for varchar.
    pub fn default_opclass(&self, class: u32, of: u32) -> Option<DefaultOpclass> {
        const TEXT: u32 = 25;
        const VARCHAR: u32 = 1043;
        // anyarray, anyenum, anyrange, anymultirange, record
        const POLYMORPHIC: [u32; 5] = [2277, 3500, 3831, 4537, 2249];
        let class = *self.opclasses.get(&class)?;
        let stands_for = POLYMORPHIC.contains(&class.input) || class.input == TEXT && of == VARCHAR;
        let has_own = || self.opclasses.values().any(|own| (own.method, own.input) == (class.method, of));
        (class.input == of || stands_for && !has_own()).then_some(class)
    }

    /// A relation of one of the kinds `pg_class.relkind` has.
    pub fn relation(&self, oid: u32, kinds: &[char]) -> Option<&QName> {
        self.relations.get(&oid).filter(|relation| kinds.contains(&relation.kind)).map(|relation| &relation.name)
    }

    /// A column.
    pub fn column(&self, relation: u32, number: i16) -> Option<&NamedColumn> {
        self.columns.get(&relation)?.get(&number)
    }

    /// The names of columns by their numbers, those left out that have none.
    pub fn names(&self, relation: u32, numbers: &[i16]) -> Vec<Ident> {
        numbers.iter().filter_map(|number| Some(self.column(relation, *number)?.name.clone())).collect()
    }
}
