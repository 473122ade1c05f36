//! A file under lint: its statements with their facts, and what hints say of them.

use std::sync::Arc;

use super::facts::{self, Facts, World};
use super::finding::Finding;
use super::levels::{self, Levels};
use super::rules::{self, Check, Hit, Pair, Rule};
use crate::error::Error;
use crate::plan::file::{self, Direction, Parsed, PlanFile};
use crate::report::{Diagnostic, Level, Place};
use crate::sql::{self, Hint, HintKind, ParseError};

/// One file.
pub(super) struct Script {
    /// As it is called in messages.
    pub file: String,
    text: Option<Arc<str>>,
    direction: Direction,
    facts: Vec<Facts>,
    /// Rules that are allowed, with the number of their step.
    allowed: Vec<(u32, String)>,
    /// What steps say they cannot bring back.
    irretrievable: Vec<(u32, usize, String)>,
}

impl Script {
    /// A file that may be a plan or not.
    pub fn read(name: &str, text: &str) -> Result<Self, Error> {
        if file::is_plan(text) { Self::of_parsed(&file::read(name, text)?) } else { Self::of_sql(name, text) }
    }

    /// A plan as it stands in its file. Facts of one that was edited, or never sealed, are not all there is.
    pub fn of_parsed(parsed: &Parsed) -> Result<Self, Error> {
        let stated = parsed.plan.header.checksum.is_some() && !parsed.is_edited();
        Self::of_plan(&parsed.plan, &parsed.file, Some(parsed), stated)
    }

    /// A plan; `stated`: the facts that its steps tell are believed.
    pub fn of_plan(plan: &PlanFile, name: &str, parsed: Option<&Parsed>, stated: bool) -> Result<Self, Error> {
        let mut world = World::default();
        let text = parsed.map(|parsed| Arc::clone(&parsed.text));
        let mut script = Self {
            file: name.to_owned(),
            text,
            direction: plan.header.direction,
            facts: Vec::new(),
            allowed: Vec::new(),
            irretrievable: Vec::new(),
        };
        for (index, step) in plan.steps.iter().enumerate() {
            let start = parsed.and_then(|parsed| parsed.starts.get(index)).copied().unwrap_or(0);
            let found = facts::of_step(step, stated, &mut world).map_err(|error| script.refused(error.shifted(start), step.number))?;
            script.facts.extend(found.into_iter().map(|facts| shifted(facts, start)));
            script.irretrievable.extend(step.irretrievable.iter().map(|words| (step.number, start, words.clone())));
            for allowed in &step.allowed {
                if rules::find(&allowed.rule).is_none() {
                    let problem = levels::unknown(&allowed.rule);
                    return Err(Error::usage(script.placed(problem, start..start)));
                }
                script.allowed.push((step.number, allowed.rule.clone()));
            }
        }
        Ok(script)
    }

    fn of_sql(name: &str, text: &str) -> Result<Self, Error> {
        let direction = if name.ends_with(".down.sql") { Direction::Down } else { Direction::Up };
        let text: Arc<str> = Arc::from(text);
        let mut script = Self {
            file: name.to_owned(),
            text: Some(Arc::clone(&text)),
            direction,
            facts: Vec::new(),
            allowed: Vec::new(),
            irretrievable: Vec::new(),
        };
        let statements = sql::parse_file(&text).map_err(|error| script.refused(error, 0))?;
        let mut world = World::default();
        for (number, statement) in (1..).zip(&statements) {
            script.allow(number, &statement.hints)?;
            script.facts.push(facts::of_statement(number, statement, &text[statement.span.clone()], &mut world));
        }
        Ok(script)
    }

    fn allow(&mut self, number: u32, hints: &[Hint]) -> Result<(), Error> {
        for hint in hints {
            let HintKind::Allow { rule, .. } = &hint.kind else { continue };
            if rules::find(rule).is_none() {
                let end = self.text.as_deref().and_then(|text| text.get(hint.position..)).and_then(|rest| rest.find('\n'));
                let span = hint.position..hint.position + end.unwrap_or(0);
                return Err(Error::usage(self.placed(levels::unknown(rule), span)));
            }
            self.allowed.push((number, rule.clone()));
        }
        Ok(())
    }

    fn refused(&self, error: ParseError, step: u32) -> Error {
        let at = error.position.unwrap_or(0);
        let message = if self.text.is_some() { error.message } else { format!("{}, step {step}: {}", self.file, error.message) };
        Error::usage(self.placed(Diagnostic::error(message), at..at + 1))
    }

    fn placed(&self, diagnostic: Diagnostic, span: std::ops::Range<usize>) -> Diagnostic {
        match &self.text {
            Some(text) => diagnostic.at(Place::new(self.file.as_str(), Arc::clone(text), span)),
            None => diagnostic,
        }
    }

    /// What the rules find, less what settings and hints silence.
    pub fn findings(&self, levels: &Levels) -> Vec<Finding> {
        let mut found = Vec::new();
        for (index, facts) in self.facts.iter().enumerate() {
            for rule in rules::RULES {
                let Check::Statement(check) = rule.check else { continue };
                for hit in check(facts, self.facts.get(index + 1..).unwrap_or_default()) {
                    // A way back takes away what the way there brought; that it does is no news, but should be seen.
                    let own = if rule.destructive && super::is_down(self.direction) { Some(Level::Note) } else { hit.level };
                    let Some(severity) = levels.level(rule, own).filter(|_| !self.allows(facts.number, rule)) else { continue };
                    push(&mut found, self.finding(rule, severity, Some(facts.number), hit, Some(facts)));
                }
            }
        }
        found
    }

    /// What the rules about pairs find of this file and its way back.
    pub fn pair_findings(&self, down: Option<&Self>, levels: &Levels) -> Vec<Finding> {
        let changes = |script: &Self| script.facts.iter().filter(|facts| !facts.framing).count();
        let pair = Pair { changes: changes(self), back: down.map(changes) };
        let mut found = Vec::new();
        for rule in rules::RULES {
            let Check::Pair(check) = rule.check else { continue };
            if self.allowed.iter().any(|(_, allowed)| allowed == rule.name) {
                continue;
            }
            for hit in check(&pair) {
                if let Some(severity) = levels.level(rule, hit.level) {
                    found.push(self.finding(rule, severity, None, hit, None));
                }
            }
            for (down, (number, start, words)) in down.iter().flat_map(|down| down.irretrievable.iter().map(move |words| (down, words))) {
                let hit = Hit { level: Some(Level::Note), ..Hit::at(format!("cannot bring back {words}"), *start) };
                if let Some(severity) = levels.level(rule, hit.level).filter(|_| !down.allows(*number, rule)) {
                    found.push(down.finding(rule, severity, Some(*number), hit, None));
                }
            }
        }
        found
    }

    /// What the destructive rules find, whatever else is said of them.
    pub fn destructive(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for facts in &self.facts {
            for rule in rules::RULES.iter().filter(|rule| rule.destructive) {
                let Check::Statement(check) = rule.check else { continue };
                for hit in check(facts, &[]) {
                    push(&mut found, self.finding(rule, rule.level, Some(facts.number), hit, Some(facts)));
                }
            }
        }
        found
    }

    fn allows(&self, number: u32, rule: &Rule) -> bool {
        self.allowed.iter().any(|(step, allowed)| *step == number && allowed == rule.name)
    }

    fn finding(&self, rule: &'static Rule, severity: Level, step: Option<u32>, hit: Hit, facts: Option<&Facts>) -> Finding {
        let document = rule.document();
        let place = self.text.as_ref().map(|text| {
            let start = hit.at.unwrap_or(0);
            let end = text.get(start..).map_or(start, |rest| start + rest.find('\n').unwrap_or(rest.len()));
            let end = facts.map_or(end, |facts| end.min(facts.span.end.max(start)));
            Place::new(self.file.as_str(), Arc::clone(text), start..end)
        });
        let Hit { message, .. } = hit;
        let (why, fix) = (document.section("Why"), document.section("Instead"));
        Finding { rule: rule.name, severity, file: self.file.clone(), step, message, why, fix, place }
    }
}

/// A step of several statements states its facts once.
fn push(found: &mut Vec<Finding>, finding: Finding) {
    if !found.iter().any(|other| (other.rule, other.step, &other.message) == (finding.rule, finding.step, &finding.message)) {
        found.push(finding);
    }
}

fn shifted(facts: Facts, by: usize) -> Facts {
    let span = facts.span.start + by..facts.span.end + by;
    let actions = facts.actions.into_iter().map(|(action, at)| (action, at + by)).collect();
    Facts { span, actions, ..facts }
}
