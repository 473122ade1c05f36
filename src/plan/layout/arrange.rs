//! Which statement of a dump goes to which file, and in which order psql can load the files.
//!
//! Files can need each other in a circle where objects do not: two tables that refer to each other. What closes such a circle goes
//! to a file of its own, as little as can be.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::{Written, path};
use crate::object::Kind;

/// The file that loads all others.
pub const MAIN: &str = "main.sql";

/// The file for what can come only when the files of two objects that need each other are loaded.
pub const LATER: &str = "zz_later.sql";

/// Where everything goes.
#[derive(Debug)]
pub struct Arrangement {
    /// The file of each statement.
    pub places: Vec<String>,
    /// The files, each after those that it needs.
    pub files: Vec<String>,
}

/// Files by number, and how they need each other.
struct Files {
    names: Vec<String>,
    /// The file of each statement.
    of: Vec<usize>,
    /// By file, what it needs, and whether it does from the beginning: the statement that makes its object does.
    needs: Vec<BTreeMap<usize, bool>>,
    /// By file, whether it must be behind the others.
    last: Vec<Last>,
}

/// What comes after all else, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Last {
    No,
    /// It rules the privileges of all that is made after it.
    RulesBirths,
    /// It is run at the statements after it.
    Watches,
}

impl Last {
    const fn of(kind: Kind) -> Self {
        match (kind.rules_births(), kind.watches_statements()) {
            (_, true) => Self::Watches,
            (true, _) => Self::RulesBirths,
            _ => Self::No,
        }
    }
}

/// Arranges the statements of a dump.
pub fn arrange(statements: &[Written]) -> Arrangement {
    let names: Vec<String> = statements.iter().map(|written| path(&written.home)).collect();
    arrange_in(statements, &names)
}

/// Arranges the statements of a dump in these files, one for each.
pub fn arrange_in(statements: &[Written], names: &[String]) -> Arrangement {
    let files = Files::of(statements, names);
    let mut order = Vec::with_capacity(files.names.len());
    for circle in files.circles() {
        files.put(&circle, &mut order);
    }
    let mut places = vec![0; files.names.len()];
    for (place, file) in order.iter().enumerate() {
        places[*file] = place;
    }
    let mut late = vec![false; statements.len()];
    for (number, written) in statements.iter().enumerate() {
        late[number] = written.after.iter().any(|above| late[*above] || places[files.of[*above]] > places[files.of[number]]);
    }
    let place = |number: usize| if late[number] { LATER.to_owned() } else { files.names[files.of[number]].clone() };
    let places: Vec<String> = (0..statements.len()).map(place).collect();
    let used: BTreeSet<&str> = places.iter().map(String::as_str).collect();
    let (mut last, first): (Vec<usize>, Vec<usize>) = order.into_iter().partition(|file| files.last[*file] != Last::No);
    last.sort_by_key(|file| files.last[*file]);
    let name = |file: usize| files.names[file].clone();
    let names = first.into_iter().map(name).chain([LATER.to_owned()]).chain(last.into_iter().map(name));
    let files = names.filter(|name| used.contains(name.as_str())).collect();
    Arrangement { places, files }
}

impl Files {
    fn of(statements: &[Written], names: &[String]) -> Self {
        let mut files = Self { names: Vec::new(), of: Vec::new(), needs: Vec::new(), last: Vec::new() };
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        for (written, name) in statements.iter().zip(names) {
            let next = numbers.len();
            let file = *numbers.entry(name.clone()).or_insert(next);
            if file == next {
                files.names.push(name.clone());
                files.needs.push(BTreeMap::new());
                files.last.push(Last::of(written.home.kind));
            }
            let first = written.makes.contains(&written.home);
            let above: Vec<usize> = written.after.iter().map(|above| files.of[*above]).filter(|above| *above != file).collect();
            for above in above {
                *files.needs[file].entry(above).or_default() |= first;
            }
            files.of.push(file);
        }
        files
    }

    /// Files that need each other, circle by circle, each after those that it needs; in the order of the statements otherwise.
    fn circles(&self) -> Vec<Vec<usize>> {
        let mut graph = DiGraph::<(), ()>::new();
        let nodes: Vec<NodeIndex> = self.names.iter().map(|_| graph.add_node(())).collect();
        for (file, needs) in self.needs.iter().enumerate() {
            for above in needs.keys() {
                graph.add_edge(nodes[file], nodes[*above], ());
            }
        }
        let circles: Vec<Vec<usize>> =
            tarjan_scc(&graph).into_iter().map(|circle| circle.into_iter().map(NodeIndex::index).collect()).collect();
        let mut circle_of = vec![0; self.names.len()];
        for (number, circle) in circles.iter().enumerate() {
            circle.iter().for_each(|file| circle_of[*file] = number);
        }
        let mut waits = vec![0_usize; circles.len()];
        let mut users: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); circles.len()];
        for (file, needs) in self.needs.iter().enumerate() {
            for above in needs.keys().map(|above| circle_of[*above]).filter(|above| *above != circle_of[file]) {
                if users[above].insert(circle_of[file]) {
                    waits[circle_of[file]] += 1;
                }
            }
        }
        let rank = |circle: usize| (circles[circle].iter().copied().min(), circle);
        let mut ready: BTreeSet<_> = (0..circles.len()).filter(|circle| waits[*circle] == 0).map(rank).collect();
        let mut order = Vec::with_capacity(circles.len());
        while let Some((_, circle)) = ready.pop_first() {
            order.push(circles[circle].clone());
            for user in &users[circle] {
                waits[*user] -= 1;
                if waits[*user] == 0 {
                    ready.insert(rank(*user));
                }
            }
        }
        order
    }

    /// Puts the files of one circle in order: always one whose object can be made, and of these the one with the least left for later.
    fn put(&self, circle: &[usize], order: &mut Vec<usize>) {
        let within: BTreeSet<usize> = circle.iter().copied().collect();
        let mut users: BTreeMap<usize, Vec<(usize, bool)>> = BTreeMap::new();
        let mut ranks: BTreeMap<usize, (usize, usize)> = circle.iter().map(|file| (*file, (0, 0))).collect();
        for file in circle {
            for (above, first) in self.needs[*file].iter().filter(|(above, _)| within.contains(above)) {
                users.entry(*above).or_default().push((*file, *first));
                if let Some((hard, soft)) = ranks.get_mut(file) {
                    *(if *first { hard } else { soft }) += 1;
                }
            }
        }
        let mut ready: BTreeSet<((usize, usize), usize)> = ranks.iter().map(|(file, rank)| (*rank, *file)).collect();
        while let Some((_, file)) = ready.pop_first() {
            order.push(file);
            ranks.remove(&file);
            for (user, first) in users.remove(&file).unwrap_or_default() {
                let Some(rank) = ranks.get_mut(&user) else { continue };
                ready.remove(&(*rank, user));
                *(if first { &mut rank.0 } else { &mut rank.1 }) -= 1;
                ready.insert((*rank, user));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ObjectId, QName};
    use crate::object::Kind;

    fn table(name: &str, makes: bool, after: &[usize]) -> Written {
        let home = ObjectId::in_schema(Kind::Table, QName::new("s", name));
        let makes = if makes { home.clone() } else { ObjectId::global(Kind::Comment, name) };
        Written { home, makes: [makes].into(), sql: String::new(), after: after.to_vec() }
    }

    #[test]
    fn one_statement_opens_a_circle() {
        // a -> b -> c -> a by foreign keys.
        let statements = [
            table("a", true, &[]),
            table("b", true, &[]),
            table("c", true, &[]),
            table("a", false, &[0, 1]),
            table("b", false, &[1, 2]),
            table("c", false, &[2, 0]),
            table("d", true, &[3]),
        ];
        let arrangement = arrange(&statements);
        let later: Vec<usize> = (0..7).filter(|number| arrangement.places[*number] == LATER).collect();
        assert_eq!(later, [3, 6]);
        assert_eq!(arrangement.files, ["s/table/a.sql", "s/table/c.sql", "s/table/b.sql", LATER]);
    }
}
