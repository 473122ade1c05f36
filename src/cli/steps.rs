//! The steps of a plan file as text for people.

use crate::model::Hazard;
use crate::plan::file::{PlanFile, PlanStep};
use crate::report::{Reporter, Style, duration};

/// Prints every step with its facts, and with its SQL where that is wanted.
pub fn print(reporter: &Reporter, plan: &PlanFile, sql: bool) {
    for step in &plan.steps {
        let placed = step.group.map_or_else(|| "no transaction".to_owned(), |group| format!("transaction {group}"));
        let summary = reporter.style(Style::Bold, &step.step.summary);
        reporter.line(format!("  {}. {summary} {}", step.number, reporter.style(Style::Dim, &format!("[{placed}]"))));
        for (fact, style) in facts(step) {
            reporter.line(format!("     {}", reporter.style(style, &fact)));
        }
        if sql {
            for line in step.step.sql.split('\n') {
                reporter.line(format!("       {line}"));
            }
        }
    }
}

/// The facts of a step in words.
pub fn facts(step: &PlanStep) -> Vec<(String, Style)> {
    let mut facts = Vec::new();
    for lock in &step.step.locks {
        facts.push((format!("locks {} {}", lock.relation, lock.mode), Style::Dim));
    }
    for relation in &step.step.rewrites {
        facts.push((format!("rewrites {relation}"), Style::Yellow));
    }
    for relation in &step.step.scans {
        facts.push((format!("scans {relation}"), Style::Dim));
    }
    for hazard in &step.step.hazards {
        facts.push(match hazard {
            Hazard::Loss(words) => (format!("loses {words}"), Style::Red),
            Hazard::Assumes(words) => (format!("assumes {words}"), Style::Yellow),
            Hazard::Breaks(words) => (format!("breaks {words}"), Style::Yellow),
            Hazard::Blocks(words) => (format!("blocks {words}"), Style::Yellow),
        });
    }
    if let Some(words) = &step.step.possibly_cosmetic {
        facts.push((format!("possibly cosmetic: {words}"), Style::Yellow));
    }
    for words in &step.irretrievable {
        facts.push((format!("cannot bring back {words}"), Style::Yellow));
    }
    if let Some(estimate) = step.estimate {
        facts.push((format!("takes about {}", duration(estimate)), Style::Dim));
    }
    facts
}
