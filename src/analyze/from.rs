//! What stands in FROM (`transformFromClauseItem` of src/backend/parser/parse_clause.c).

use std::ops::Range;

use pg_query::protobuf::{self, Alias, JoinExpr, JoinType, RangeFunction, RangeVar};
use pg_query::{Node, NodeEnum};

use super::scope::{Attr, Merged, Source, SourceKind, StarColumn};
use super::source::{attributes, composite, function_columns, of_sequence, relation_of, type_called};
use super::{Analyzer, Hook, column_id, system};
use crate::model::{Catalog, ObjectId, QName};
use crate::object::sequence::usual_column_of;
use crate::sql::literal::{names, string, string_node};
use crate::sql::walk::Walk;

/// All columns of an item of FROM; `None` where they are not known.
pub type Star = Option<Vec<StarColumn>>;

impl<H: Hook> Analyzer<'_, H> {
    /// Takes up the items of a FROM clause; all their columns.
    pub(super) fn from_clause(&mut self, items: &mut [Node]) -> Star {
        let mut all = Some(Vec::new());
        for item in items {
            let star = self.from_item(item);
            all = all.zip(star).map(|(mut all, star): (Vec<StarColumn>, _)| {
                all.extend(star);
                all
            });
        }
        all
    }

    pub(super) fn from_item(&mut self, node: &mut Node) -> Star {
        match node.node.as_mut()? {
            NodeEnum::RangeVar(relation) => self.relation(relation),
            NodeEnum::RangeSubselect(item) => {
                let attrs = match item.subquery.as_deref_mut() {
                    Some(query) if item.lateral => self.query(query),
                    Some(query) => self.beside_from(|analyzer| analyzer.query(query)),
                    None => None,
                };
                self.push(&mut item.alias, Source::new(SourceKind::Query, None, attrs))
            }
            NodeEnum::RangeFunction(item) => self.function(item),
            NodeEnum::RangeTableSample(item) => {
                let star = item.relation.as_deref_mut().and_then(|relation| self.from_item(relation));
                self.beside_from(|analyzer| {
                    analyzer.walk(&mut item.args);
                    analyzer.walk(&mut item.repeatable);
                });
                star
            }
            NodeEnum::RangeTableFunc(item) => {
                self.walk(&mut item.docexpr);
                self.walk(&mut item.rowexpr);
                self.walk(&mut item.namespaces);
                self.walk(&mut item.columns);
                self.hook.xml_table(item);
                let name = |node: &Node| match &node.node {
                    Some(NodeEnum::RangeTableFuncCol(column)) => {
                        Some(Attr::new(column.colname.as_str(), column_type(column.type_name.as_ref())))
                    }
                    _ => None,
                };
                let attrs = item.columns.iter().filter_map(name).collect();
                self.push(&mut item.alias, Source::new(SourceKind::Function, Some("xmltable"), Some(attrs)))
            }
            NodeEnum::JsonTable(item) => {
                item.context_item.walk_mut(self);
                self.walk(&mut item.passing);
                self.walk(&mut item.columns);
                let mut attrs = Vec::new();
                self.hook.json_table(item);
                json_columns(&item.columns, &mut attrs);
                self.push(&mut item.alias, Source::new(SourceKind::Function, Some("json_table"), Some(attrs)))
            }
            NodeEnum::JoinExpr(join) => self.join(join),
            _ => None,
        }
    }

    /// What is not LATERAL sees nothing of the FROM that it stands in (`transformRangeSubselect`).
    fn beside_from<T>(&mut self, walk: impl FnOnce(&mut Self) -> T) -> T {
        let here = self.levels.len().saturating_sub(1);
        let end = self.levels.last().map_or(0, |level| level.sources.len());
        let seen = self.levels.get_mut(here).and_then(|level| level.seen.replace(end..end));
        let done = walk(self);
        if let Some(level) = self.levels.get_mut(here) {
            level.seen = seen;
        }
        done
    }

    fn relation(&mut self, relation: &mut RangeVar) -> Star {
        let with = || self.levels.iter().rev().flat_map(|level| level.ctes.iter().rev()).find(|(name, _)| *name == relation.relname);
        let name = relation.relname.clone();
        if let Some((_, attrs)) = with().filter(|_| relation.schemaname.is_empty()) {
            let attrs = attrs.clone();
            return self.push(&mut relation.alias, Source::new(SourceKind::With, Some(&name), attrs));
        }
        let id = relation_of(self.catalog, &relation.schemaname, &relation.relname);
        // The sequence of an identity column is no object.
        let behind = || usual_column_of(&QName::new(relation.schemaname.as_str(), name.as_str()), self.catalog).map(|_| of_sequence());
        let attrs = id.as_ref().map_or_else(behind, |id| self.columns_of(id));
        let source = Source::new(SourceKind::Relation, Some(&name), attrs);
        let some = system::columns(&relation.schemaname, &relation.relname);
        self.push(&mut relation.alias, Source { schema: Some(relation.schemaname.clone()), rows_of: id, some, ..source })
    }

    pub(super) fn columns_of(&self, id: &ObjectId) -> Option<Vec<Attr>> {
        let Some(given) = self.outputs.and_then(|outputs| outputs.get(id)) else { return attributes(self.catalog, id) };
        Some(given.iter().map(|attr| Attr { id: column_id(id, &attr.name), ..attr.clone() }).collect())
    }

    /// Puts something into the scope, under its alias or the name that it has without; an alias may name its columns anew.
    pub(super) fn push(&mut self, alias: &mut Option<Alias>, mut source: Source) -> Star {
        source.number = Some(self.sources);
        self.sources += 1;
        if let Some(alias) = alias.as_mut().filter(|alias| !alias.colnames.is_empty()) {
            self.hook.listed(alias, &source);
        }
        if let Some(alias) = alias.as_ref() {
            // What an alias names anew has other names.
            source.some = source.some.filter(|_| alias.colnames.is_empty());
            if !alias.colnames.is_empty() {
                source.plain = source.attrs.iter().flatten().map(|attr| attr.name.clone()).collect();
            }
            for (attr, given) in source.attrs.iter_mut().flatten().zip(names(&alias.colnames)) {
                attr.name = given;
            }
            source.schema = None;
            source.alias = Some(alias.aliasname.clone());
        }
        self.hook.source(alias, &source);
        let star = source.star();
        if let Some(level) = self.levels.last_mut() {
            level.sources.push(source);
        }
        star
    }

    fn function(&mut self, item: &mut RangeFunction) -> Star {
        let given = item.alias.as_ref().map(|alias| alias.aliasname.clone());
        let attrs = function_columns(self.catalog, item, given.as_deref());
        let name = item.functions.first().and_then(|function| crate::sql::literal::items(function).first().map(super::label));
        self.walk(&mut item.functions);
        let mut attrs = attrs.or_else(|| self.by_type(item, given.as_deref().or(name.as_deref())));
        self.type_single(item, attrs.as_deref_mut());
        let alone = item.functions.len() == 1 && !item.ordinality;
        let rows_of = attrs.as_ref().filter(|_| alone).and_then(|attrs| row_type(self.catalog, attrs));
        self.push(&mut item.alias, Source { rows_of, ..Source::new(SourceKind::Function, name.as_deref(), attrs) })
    }

    /// The columns of a function of which only types tell what it gives: those of a composite type, or the one of another.
    fn by_type(&mut self, item: &RangeFunction, name: Option<&str>) -> Option<Vec<Attr>> {
        let [function] = item.functions.as_slice() else { return None };
        let type_name = self.hook.type_of(crate::sql::literal::items(function).first()?)?;
        let of = super::types::Type::displayed(&type_name);
        let plain = of.array || crate::sql::types::is_builtin_type(&of.name) && of.name != "record" && !of.is_polymorphic();
        let mut attrs = match composite(self.catalog, &type_name).filter(|_| !of.array) {
            Some(id) => self.columns_of(&id)?,
            None if plain => vec![Attr::new(name?, Some(type_name))],
            None => return None,
        };
        attrs.extend(item.ordinality.then(|| Attr::new("ordinality", Some("bigint".to_owned()))));
        Some(attrs)
    }

    /// The one column of a function has the type that the call has.
    fn type_single(&mut self, item: &RangeFunction, attrs: Option<&mut [Attr]>) {
        let count = attrs.as_ref().map_or(0, |attrs| attrs.len());
        let ([function], Some([attr] | [attr, _])) = (item.functions.as_slice(), attrs) else { return };
        let single = item.coldeflist.is_empty() && attr.type_name.is_none() && count == 1 + usize::from(item.ordinality);
        let call = crate::sql::literal::items(function).first().filter(|_| single);
        attr.type_name = attr.type_name.take().or_else(|| self.hook.type_of(call?).filter(|of| of != "record"));
    }

    fn join(&mut self, join: &mut JoinExpr) -> Star {
        let (first, start) = (self.sources, self.levels.last().map_or(0, |level| level.sources.len()));
        let left = join.larg.as_deref_mut().and_then(|item| self.from_item(item));
        let right = join.rarg.as_deref_mut().and_then(|item| self.from_item(item));
        if let (true, Some(left), Some(right)) = (join.is_natural, &left, &right) {
            let common = left.iter().filter(|column| right.iter().any(|other| other.attr.name == column.attr.name));
            join.using_clause = common.map(|column| string_node(&column.attr.name)).collect();
            join.is_natural = false;
        }
        let star = self.merge_columns(join, (start, first..self.sources), left, right);
        let end = self.levels.last().map_or(0, |level| level.sources.len());
        let seen = self.levels.last_mut().and_then(|level| level.seen.replace(start..end));
        self.walk(&mut join.quals);
        if let Some(level) = self.levels.last_mut() {
            level.seen = seen;
        }
        self.name_join(join, start, star)
    }

    /// USING makes one column of two: the left one's, but for RIGHT JOIN; under FULL JOIN it belongs to neither.
    fn merge_columns(&mut self, join: &mut JoinExpr, (at, joined): (usize, Range<usize>), left: Star, right: Star) -> Star {
        let (Some(mut left), Some(mut right)) = (left, right) else {
            return None;
        };
        let kind = join.jointype();
        let mut merged = Vec::new();
        for node in &mut join.using_clause {
            let Some(name) = string(node).map(str::to_owned) else { continue };
            let take = |side: &mut Vec<StarColumn>| side.iter().position(|column| column.attr.name == name).map(|at| side.remove(at));
            let (Some(a), Some(b)) = (take(&mut left), take(&mut right)) else {
                self.missing.push(name);
                continue;
            };
            let mut given = name.clone();
            self.hook.using(&mut given, &a.attr, &b.attr);
            if given != name {
                *node = string_node(&given);
            }
            let mut column = self.merged_of(kind, &name, a, b);
            column.attr.name = name;
            merged.push(column);
        }
        let alias = join.join_using_alias.as_ref().map(|alias| alias.aliasname.clone());
        if let Some(level) = self.levels.last_mut() {
            let of_join = |column: &StarColumn| Merged { column: column.clone(), at, joined: joined.clone(), alias: alias.clone() };
            level.merged.extend(merged.iter().map(of_join));
        }
        Some(merged.into_iter().chain(left).chain(right).collect())
    }

    /// The column that stands for both: one of them that has the type that is common to both, or else neither (`buildMergedJoinVar`).
    fn merged_of(&self, kind: JoinType, name: &str, left: StarColumn, right: StarColumn) -> StarColumn {
        let of = |column: &StarColumn| column.attr.type_name.clone();
        let common = self.common_type([of(&left), of(&right)]);
        let plain = |column: &StarColumn| common.is_none() || of(column) == common;
        match kind {
            JoinType::JoinRight if plain(&right) => right,
            JoinType::JoinInner if !plain(&left) && plain(&right) => right,
            JoinType::JoinInner | JoinType::JoinLeft if plain(&left) => left,
            _ => {
                let attr = Attr { id: None, type_name: common.or(left.attr.type_name), ..left.attr };
                StarColumn { fields: vec![name.to_owned()], source: None, attr }
            }
        }
    }

    /// The alias of a join hides what it joins.
    fn name_join(&mut self, join: &mut JoinExpr, start: usize, star: Star) -> Star {
        if join.alias.is_some() {
            if let Some(level) = self.levels.last_mut() {
                level.sources.truncate(start);
                level.merged.retain(|merged| merged.at < start);
            }
            let attrs = star.map(|star| star.into_iter().map(|column| column.attr).collect());
            return self.push(&mut join.alias, Source::new(SourceKind::Join, None, attrs));
        }
        if let Some(alias) = &join.join_using_alias {
            let merged = star.as_ref().map(|star| star.iter().take(join.using_clause.len()).map(|column| column.attr.clone()).collect());
            let source = Source::new(SourceKind::Merged, Some(&alias.aliasname), merged);
            if let Some(level) = self.levels.last_mut() {
                level.sources.push(Source { qualified_only: true, ..source });
            }
        }
        star
    }
}

/// What rows these are, where all are columns of one relation or composite type.
fn row_type(catalog: &Catalog, attrs: &[Attr]) -> Option<ObjectId> {
    type_called(catalog, &attrs.first()?.id.as_ref()?.qname()?.to_string()).map(|(id, _)| id.clone())
}

/// The type of a column; FOR ORDINALITY has none that is written.
fn column_type(name: Option<&protobuf::TypeName>) -> Option<String> {
    match name {
        Some(name) => super::source::spelled(name),
        None => Some("integer".to_owned()),
    }
}

fn json_columns(columns: &[Node], attrs: &mut Vec<Attr>) {
    for node in columns {
        let Some(NodeEnum::JsonTableColumn(column)) = &node.node else { continue };
        if column.coltype() == protobuf::JsonTableColumnType::JtcNested {
            json_columns(&column.columns, attrs);
        } else {
            attrs.push(Attr::new(column.name.as_str(), column_type(column.type_name.as_ref())));
        }
    }
}
