//! Writing plan files.

use std::fmt::Write as _;

use super::names::{escape, list, lock};
use super::{Allowed, Direction, FORMAT, Header, MARK, PlanFile, PlanStep, checksum, looks_like_ours};
use crate::model::{Hazard, Transaction};

/// The text of a plan file, sealed with its checksum.
pub fn write(plan: &PlanFile) -> String {
    unsealed(plan, |text| Some(checksum(text)))
}

/// The text of a plan file that a person is to complete: it states no checksum.
pub fn write_unsealed(plan: &PlanFile) -> String {
    unsealed(plan, |_| None)
}

fn unsealed(plan: &PlanFile, seal: impl Fn(&str) -> Option<String>) -> String {
    let (head, tail) = (head(&plan.header), body(plan));
    let sum = seal(&format!("{head}{tail}")).map_or_else(|| "none".to_owned(), |sum| format!("sha256:{sum}"));
    format!("{head}{MARK}checksum {sum}\n{tail}")
}

fn head(header: &Header) -> String {
    let unknown = |fingerprint: &Option<String>| fingerprint.as_deref().map_or_else(|| "unknown".to_owned(), escape);
    let mut text = format!("{MARK}plan format {FORMAT}\n");
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(text, "{MARK}{key} {value}");
    };
    line("number", &format!("{:04}", header.number));
    line("name", &escape(&header.name));
    line("direction", header.direction.name());
    if header.direction == Direction::Up {
        line("parent", &header.parent.as_deref().map_or_else(|| "none".to_owned(), escape));
    }
    line("from", &unknown(&header.from));
    line("to", &unknown(&header.to));
    line("server", &header.server.map_or_else(|| "any".to_owned(), |major| major.to_string()));
    if !header.proof.is_empty() {
        line("proof", &escape(&header.proof));
    }
    line("risk", header.risk.name());
    text
}

fn body(plan: &PlanFile) -> String {
    let mut text = String::new();
    if !plan.session.is_empty() {
        let _ = writeln!(text, "\n{MARK}session");
        for (name, value) in &plan.session {
            let _ = writeln!(text, "SET {name} = {value};");
        }
    }
    let mut open = None;
    for step in &plan.steps {
        if open != step.group {
            commit(&mut text, open);
            if let Some(group) = step.group {
                let _ = write!(text, "\n{MARK}begin transaction {group}\nBEGIN;\n");
            }
            open = step.group;
        }
        write_step(&mut text, step);
    }
    commit(&mut text, open);
    text
}

fn commit(text: &mut String, open: Option<u32>) {
    if let Some(group) = open {
        let _ = write!(text, "\n{MARK}commit transaction {group}\nCOMMIT;\n");
    }
}

fn write_step(text: &mut String, step: &PlanStep) {
    let placed = match (step.group, step.step.transaction) {
        (Some(group), Transaction::Fresh) => format!("fresh transaction {group}"),
        (Some(group), _) => format!("transaction {group}"),
        (None, _) => "no transaction".to_owned(),
    };
    let _ = writeln!(text, "\n{MARK}step {} ({placed}): {}", step.number, escape(&step.step.summary));
    for Allowed { rule, reason } in &step.allowed {
        let reason = if reason.is_empty() { String::new() } else { format!(" {}", escape(reason)) };
        let _ = writeln!(text, "{MARK}allow({rule}){reason}");
    }
    let mut fact = |key: &str, value: &str| {
        let _ = writeln!(text, "{MARK}  {key} {value}");
    };
    if !step.step.locks.is_empty() {
        fact("locks", &escape(&list(step.step.locks.iter().map(lock))));
    }
    if !step.step.rewrites.is_empty() {
        fact("rewrites", &escape(&list(&step.step.rewrites)));
    }
    if !step.step.scans.is_empty() {
        fact("scans", &escape(&list(&step.step.scans)));
    }
    for hazard in &step.step.hazards {
        let (key, words) = match hazard {
            Hazard::Loss(words) => ("loses", words),
            Hazard::Assumes(words) => ("assumes", words),
            Hazard::Breaks(words) => ("breaks", words),
            Hazard::Blocks(words) => ("blocks", words),
        };
        fact(key, &escape(words));
    }
    if let Some(words) = &step.step.possibly_cosmetic {
        fact("possibly cosmetic", &escape(words));
    }
    for words in &step.irretrievable {
        fact("cannot bring back", &escape(words));
    }
    if let Some(estimate) = step.estimate {
        fact("estimate", &format!("{} ms", estimate.as_millis()));
    }
    let sql = terminated(&step.step.sql);
    if sql.split('\n').any(looks_like_ours) {
        fact("lines", &sql.split('\n').count().to_string());
    }
    text.push_str(&sql);
    text.push('\n');
}

/// With its semicolon, which must not become part of a comment at the end.
fn terminated(sql: &str) -> String {
    let last = sql.rsplit('\n').next().unwrap_or(sql);
    if last.contains("--") { format!("{sql}\n;") } else { format!("{sql};") }
}
