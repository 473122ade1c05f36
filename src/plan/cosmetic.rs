//! Marking what may be cosmetic, where no server tells.

use std::collections::BTreeSet;

use super::steps::{StepsError, steps};
use crate::canon::possibly_cosmetic;
use crate::model::{Catalog, Pair, Step};

/// Marks the steps that would not be there if what two spellings may have in common were what they mean.
///
/// # Errors
/// As [`steps`].
pub fn mark(up: &mut [Step], down: &mut [Step], pair: Pair<&Catalog>, online: bool) -> Result<(), StepsError> {
    const SHOWN: usize = 3;
    let cosmetic = possibly_cosmetic(pair);
    if cosmetic.is_empty() {
        return Ok(());
    }
    let mut respelled = pair.to.clone();
    for id in &cosmetic {
        if let (Some(entry), Some(present)) = (respelled.get_mut(id), pair.from.object(id)) {
            entry.object = present.clone();
        }
    }
    let mut names = cosmetic.iter().take(SHOWN).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if cosmetic.len() > SHOWN {
        names.push_str(&format!(" and {} more", cosmetic.len() - SHOWN));
    }
    let why = format!("no server says whether both spellings of {names} mean the same");
    let certain = Pair::new(steps(Pair::new(pair.from, &respelled), online)?, steps(Pair::new(&respelled, pair.from), online)?);
    for (all, certain) in [(up, certain.from), (down, certain.to)] {
        let certain: BTreeSet<String> = certain.into_iter().map(|step| step.sql).collect();
        for step in all.iter_mut().filter(|step| !certain.contains(&step.sql)) {
            step.possibly_cosmetic = Some(why.clone());
        }
    }
    Ok(())
}
