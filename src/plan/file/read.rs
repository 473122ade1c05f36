//! Reading plan files, strictly.

use std::sync::Arc;
use std::time::Duration;

use super::names::{locks, qnames, unescape};
use super::{Allowed, Direction, FORMAT, Header, MARK, PlanFile, PlanStep, Risk, checksum, is_space, looks_like_ours};
use crate::error::Error;
use crate::model::{Hazard, Step, Transaction};
use crate::report::{Diagnostic, Place};

/// A plan file as it was read.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// What it says.
    pub plan: PlanFile,
    /// The checksum that its text has.
    pub checksum: String,
    /// The text.
    pub text: Arc<str>,
    /// The file, as it is named in messages.
    pub file: String,
    /// Where the SQL of each step begins in the text.
    pub starts: Vec<usize>,
}

impl Parsed {
    /// Whether it was changed since it was sealed.
    pub fn is_edited(&self) -> bool {
        self.plan.header.checksum.as_ref().is_some_and(|stated| *stated != self.checksum)
    }

    /// The identity by which the plan after it names it: what it states, so that an edit is reported once, of the plan
    /// that was edited.
    pub fn hash(&self) -> &str {
        self.plan.header.checksum.as_deref().unwrap_or(&self.checksum)
    }

    /// Where a step's SQL stands; `offset` bytes into it.
    pub fn place(&self, number: u32, offset: usize) -> Place {
        let index = usize::try_from(number).unwrap_or(0).saturating_sub(1);
        let start = self.starts.get(index).copied().unwrap_or(0) + offset;
        let end = self.text.get(start..).map_or(start, |rest| start + rest.find('\n').unwrap_or(rest.len()));
        Place::new(self.file.as_str(), Arc::clone(&self.text), start..end)
    }
}

/// Reads the text of a plan file.
///
/// # Errors
/// The first line that is not as [`write`](super::write) would have it.
pub fn read(file: &str, text: &str) -> Result<Parsed, Error> {
    let text: Arc<str> = Arc::from(text);
    let mut reader = Reader::new(&text);
    match reader.plan() {
        Ok(plan) => {
            let starts = std::mem::take(&mut reader.starts);
            let checksum = checksum(&text);
            Ok(Parsed { plan, checksum, file: file.to_owned(), starts, text: Arc::clone(&text) })
        }
        Err(Wrong { line, message, help }) => {
            let diagnostic = Diagnostic::error(message).at(Place::line(file, Arc::clone(&text), line));
            Err(Error::usage(match help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            }))
        }
    }
}

struct Wrong {
    line: usize,
    message: String,
    help: Option<&'static str>,
}

struct Reader<'a> {
    /// Lines without their newline, with the byte at which each begins.
    lines: Vec<(usize, &'a str)>,
    at: usize,
    starts: Vec<usize>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let mut start = 0;
        let lines = text.split('\n').map(|line| {
            let begin = start;
            start += line.len() + 1;
            (begin, line)
        });
        Self { lines: lines.collect(), at: 0, starts: Vec::new() }
    }

    fn wrong<T>(&self, message: impl Into<String>) -> Result<T, Wrong> {
        Err(Wrong { line: (self.at + 1).min(self.lines.len()), message: message.into(), help: None })
    }

    /// The next line that is not blank and no plain comment.
    fn peek(&mut self) -> Option<&'a str> {
        while let Some((_, line)) = self.lines.get(self.at) {
            let trimmed = line.trim_matches(is_space);
            if !trimmed.is_empty() && (looks_like_ours(line) || !trimmed.starts_with("--")) {
                return Some(line);
            }
            self.at += 1;
        }
        None
    }

    /// What stands behind trueup's mark on the next line.
    fn peek_mark(&mut self) -> Result<Option<&'a str>, Wrong> {
        let Some(line) = self.peek() else { return Ok(None) };
        match line.strip_prefix(MARK) {
            Some(content) => Ok(Some(content)),
            None if looks_like_ours(line) => self.wrong("this looks like one of trueup's lines, but does not begin with '-- trueup: '"),
            None => Err(Wrong {
                line: self.at + 1,
                message: "SQL that belongs to no step".to_owned(),
                help: Some("put a line like '-- trueup: step 1 (transaction 1): what it does' over it"),
            }),
        }
    }

    fn plan(&mut self) -> Result<PlanFile, Wrong> {
        let header = self.header()?;
        let session = self.session()?;
        let mut steps = Vec::new();
        let mut groups = 0;
        while let Some(mark) = self.peek_mark()? {
            match mark.split_once(' ').unwrap_or((mark, "")) {
                ("begin", _) => {
                    groups += 1;
                    self.framing(&format!("begin transaction {groups}"), "BEGIN;")?;
                    while self.peek_mark()?.is_some_and(|mark| mark.starts_with("step ")) {
                        let step = self.step(steps.len(), Some(groups))?;
                        steps.push(step);
                    }
                    self.framing(&format!("commit transaction {groups}"), "COMMIT;")?;
                }
                ("step", _) => {
                    let step = self.step(steps.len(), None)?;
                    steps.push(step);
                }
                _ => return self.wrong(format!("'{mark}' is not understood here")),
            }
        }
        Ok(PlanFile { header, session, steps })
    }

    /// A line of the header: its value behind the key.
    fn key(&mut self, key: &str) -> Result<Option<&'a str>, Wrong> {
        let value = self.peek_mark()?.and_then(|mark| mark.strip_prefix(key)).and_then(|rest| rest.strip_prefix(' '));
        if value.is_some() {
            self.at += 1;
        }
        Ok(value)
    }

    fn required<T>(&mut self, key: &str, meaning: impl Fn(&'a str) -> Option<T>) -> Result<T, Wrong> {
        let Some(value) = self.key(key)? else { return self.wrong(format!("expected '{MARK}{key} ..'")) };
        meaning(value).map_or_else(
            || {
                self.at -= 1;
                self.wrong(format!("'{value}' is no {key}"))
            },
            Ok,
        )
    }

    fn header(&mut self) -> Result<Header, Wrong> {
        let format = self.required("plan format", |text| text.parse::<u32>().ok())?;
        if format != FORMAT {
            self.at -= 1;
            return self.wrong(format!("plan format {format}; this version of trueup knows format {FORMAT}"));
        }
        let known = |none: &'static str| move |text: &str| if text == none { Some(None) } else { unescape(text).map(Some) };
        let number = self.required("number", |text| text.parse().ok())?;
        let name = self.required("name", unescape)?;
        let direction = self.required("direction", |text| [Direction::Up, Direction::Down].into_iter().find(|way| way.name() == text))?;
        let parent = if direction == Direction::Up { self.required("parent", known("none"))? } else { None };
        let from = self.required("from", known("unknown"))?;
        let to = self.required("to", known("unknown"))?;
        let server = self.required("server", |text| if text == "any" { Some(None) } else { text.parse().ok().map(Some) })?;
        let proof = match self.key("proof")? {
            Some(text) => unescape(text).map_or_else(|| self.wrong("'proof' holds an escape that is not understood"), Ok)?,
            None => String::new(),
        };
        let risk = self.required("risk", |text| text.parse::<Risk>().ok())?;
        let checksum = self.required("checksum", |text| {
            if text == "none" { Some(None) } else { text.strip_prefix("sha256:").map(|sum| Some(sum.to_owned())) }
        })?;
        Ok(Header { number, name, direction, parent, from, to, server, proof, risk, checksum })
    }

    fn session(&mut self) -> Result<Vec<(String, String)>, Wrong> {
        let mut settings = Vec::new();
        if self.peek_mark()? != Some("session") {
            return Ok(settings);
        }
        self.at += 1;
        while let Some(line) = self.peek().filter(|line| !looks_like_ours(line)) {
            let setting = line.strip_prefix("SET ").and_then(|rest| rest.strip_suffix(';')).and_then(|rest| rest.split_once(" = "));
            let Some((name, value)) = setting.filter(|(name, _)| name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_' || c == b'.'))
            else {
                return self.wrong("expected 'SET name = value;', as many as are needed, or a line of trueup's");
            };
            settings.push((name.to_owned(), value.to_owned()));
            self.at += 1;
        }
        Ok(settings)
    }

    /// A mark and the one statement that must follow it.
    fn framing(&mut self, mark: &str, statement: &str) -> Result<(), Wrong> {
        match self.peek_mark()? {
            Some(found) if found == mark => self.at += 1,
            Some(found) => return self.wrong(format!("expected '{MARK}{mark}', found '{found}'")),
            None => return self.wrong(format!("the file ends before '{MARK}{mark}'")),
        }
        if self.peek() != Some(statement) {
            return self.wrong(format!("'{MARK}{mark}' must be followed by {statement}"));
        }
        self.at += 1;
        Ok(())
    }

    fn step(&mut self, before: usize, group: Option<u32>) -> Result<PlanStep, Wrong> {
        let number = u32::try_from(before + 1).unwrap_or(u32::MAX);
        let mark = self.peek_mark()?.unwrap_or_default();
        let (shared, fresh) = match group {
            Some(group) => (format!("step {number} (transaction {group}): "), format!("step {number} (fresh transaction {group}): ")),
            None => (format!("step {number} (no transaction): "), String::new()),
        };
        let (summary, transaction) = match mark.strip_prefix(&shared) {
            Some(summary) => (summary, if group.is_some() { Transaction::Shared } else { Transaction::None }),
            None => match mark.strip_prefix(&fresh).filter(|_| !fresh.is_empty()) {
                Some(summary) => (summary, Transaction::Fresh),
                None => return self.wrong(format!("expected '{MARK}{shared}..': steps and transactions are numbered from 1 without gaps")),
            },
        };
        let Some(summary) = unescape(summary) else { return self.wrong("the words hold an escape that is not understood") };
        self.at += 1;
        let mut step = PlanStep::new(number, Step::new("", summary).transaction(transaction), group);
        let counted = self.facts(&mut step)?;
        step.step.sql = self.sql(number, counted)?;
        Ok(step)
    }

    /// The facts of a step; how many lines of SQL follow, where it says so.
    fn facts(&mut self, step: &mut PlanStep) -> Result<Option<usize>, Wrong> {
        let mut counted = None;
        while let Some((_, line)) = self.lines.get(self.at).filter(|_| counted.is_none()) {
            let Some(mark) = line.strip_prefix(MARK) else { break };
            if let Some(allowed) = mark.strip_prefix("allow(") {
                match allowed_of(allowed) {
                    Some(allowed) => step.allowed.push(allowed),
                    None => return self.wrong(format!("'{mark}' is not understood; say allow(RULE) REASON")),
                }
                self.at += 1;
                continue;
            }
            let Some(fact) = mark.strip_prefix("  ") else { break };
            if fact_of(step, fact, &mut counted).is_none() {
                return self.wrong(format!("'{fact}' is not understood"));
            }
            self.at += 1;
        }
        Ok(counted)
    }

    fn sql(&mut self, number: u32, counted: Option<usize>) -> Result<String, Wrong> {
        let first = self.at;
        let end = match counted {
            Some(count) => first.saturating_add(count),
            None => first + self.lines[first..].iter().take_while(|(_, line)| !looks_like_ours(line)).count(),
        };
        let Some(body) = self.lines.get(first..end) else {
            return self.wrong(format!("step {number} says that it has more lines than there are"));
        };
        let is_free = |line: &str| {
            let line = line.trim_matches(is_space);
            line.is_empty() || line.starts_with("--")
        };
        let text = body.iter().map(|(_, line)| *line).collect::<Vec<_>>().join("\n");
        let Some(last) = body.iter().rposition(|(_, line)| !is_free(line)) else {
            return self.wrong(format!("step {number} has no SQL"));
        };
        let mut trimmed = text.trim_matches(is_space);
        let without_remarks;
        if !trimmed.ends_with(';') {
            // Remarks may stand between a step and what follows.
            without_remarks = body.iter().take(last + 1).map(|(_, line)| *line).collect::<Vec<_>>().join("\n");
            trimmed = without_remarks.trim_matches(is_space);
        }
        let Some(sql) = trimmed.strip_suffix(';') else {
            self.at = first + last;
            return self.wrong(format!("the SQL of step {number} must end with a semicolon, with nothing but white space behind it"));
        };
        let lead = text.len() - text.trim_start_matches(is_space).len();
        self.starts.push(self.lines.get(first).map_or(0, |(start, _)| start + lead));
        self.at = end;
        Ok(sql.trim_end_matches(is_space).to_owned())
    }
}

/// What stands behind `allow(`.
fn allowed_of(text: &str) -> Option<Allowed> {
    let (rule, reason) = text.split_once(')')?;
    let named = !rule.is_empty() && rule.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'));
    let reason = unescape(reason.strip_prefix(' ').unwrap_or(reason))?;
    named.then(|| Allowed { rule: rule.to_owned(), reason })
}

/// Takes one fact; `None` where it is not understood.
fn fact_of(step: &mut PlanStep, fact: &str, counted: &mut Option<usize>) -> Option<()> {
    if let Some(words) = fact.strip_prefix("cannot bring back ") {
        step.irretrievable.push(unescape(words)?);
        return Some(());
    }
    if let Some(words) = fact.strip_prefix("possibly cosmetic ") {
        step.step.possibly_cosmetic = Some(unescape(words)?);
        return Some(());
    }
    let (key, value) = fact.split_once(' ')?;
    let words = unescape(value)?;
    match key {
        "locks" => step.step.locks.extend(locks(&words)?),
        "rewrites" => step.step.rewrites.extend(qnames(&words)?),
        "scans" => step.step.scans.extend(qnames(&words)?),
        "loses" => step.step.hazards.push(Hazard::Loss(words)),
        "assumes" => step.step.hazards.push(Hazard::Assumes(words)),
        "breaks" => step.step.hazards.push(Hazard::Breaks(words)),
        "blocks" => step.step.hazards.push(Hazard::Blocks(words)),
        "estimate" => step.estimate = Some(Duration::from_millis(words.strip_suffix(" ms")?.parse().ok()?)),
        "lines" => *counted = Some(words.parse().ok()?),
        _ => return None,
    }
    Some(())
}
