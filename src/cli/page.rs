//! A plan as a page for its reviewers.

use super::steps::facts;
use crate::lint::Finding;
use crate::plan::file::{Parsed, PlanStep};
use crate::report::html::{escape, page};

/// The page of a plan's files, with what lint has found in them.
pub fn of(files: &[&Parsed], findings: &[Finding]) -> String {
    let title = files.first().map_or_else(String::new, |file| file.plan.header.id());
    let mut body = String::new();
    for file in files {
        body.push_str(&one(file));
    }
    body.push_str("<h2>Lint</h2>\n");
    if findings.is_empty() {
        body.push_str("<p>nothing found</p>\n");
    }
    for finding in findings {
        let step = finding.step.map(|step| format!(", step {step}")).unwrap_or_default();
        body.push_str(&format!(
            "<h3>{} <span class=\"place\">{}, {}{step}</span></h3>\n<p>{}. {}</p>\n<p>{}</p>\n",
            escape(finding.rule),
            finding.severity.name(),
            escape(&finding.file),
            escape(&finding.message),
            escape(&finding.why),
            escape(&finding.fix)
        ));
    }
    page(&title, &body)
}

fn one(file: &Parsed) -> String {
    let header = &file.plan.header;
    let mut text = format!("<h2>{}</h2>\n<table>\n", escape(header.direction.name()));
    let mut row = |name: &str, value: &str, class: &str| {
        text.push_str(&format!("<tr><td>{name}</td><td class=\"{class}\">{}</td></tr>\n", escape(value)));
    };
    row("file", &file.file, "");
    row("risk", header.risk.name(), header.risk.name());
    row("proof", &header.proof, "");
    row("checksum", &file.checksum, "");
    for (name, value) in [("parent", &header.parent), ("from", &header.from), ("to", &header.to)] {
        if let Some(value) = value {
            row(name, value, "");
        }
    }
    if let Some(major) = header.server {
        row("server", &format!("PostgreSQL {major}"), "");
    }
    if file.is_edited() {
        row("edited", "since it was written: its checksum is not the one that it states", "high");
    }
    text.push_str("</table>\n");
    for step in &file.plan.steps {
        text.push_str(&step_text(step));
    }
    text
}

fn step_text(step: &PlanStep) -> String {
    let place = step.group.map_or_else(|| "no transaction".to_owned(), |group| format!("transaction {group}"));
    let mut text = format!("<h3>{}. {} <span class=\"place\">{place}</span></h3>\n", step.number, escape(&step.step.summary));
    let facts = facts(step);
    if !facts.is_empty() {
        text.push_str("<ul>\n");
        for (fact, _) in facts {
            let class = fact.split(' ').next().unwrap_or_default();
            text.push_str(&format!("<li class=\"{}\">{}</li>\n", escape(class), escape(&fact)));
        }
        text.push_str("</ul>\n");
    }
    text.push_str(&format!("<pre><code>{};</code></pre>\n", escape(&step.step.sql)));
    text
}
