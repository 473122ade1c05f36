//! What goes on while plans run, line by line.

use crate::execute::{Event, run};
use crate::plan::file::Direction;
use crate::report::{Progress, Reporter, Style, count, duration};

/// Prints events: what was done as part of the result, what is waited for beside it.
pub struct Narrator<'a> {
    reporter: &'a Reporter,
    bar: Progress,
}

impl<'a> Narrator<'a> {
    /// For so many steps.
    pub fn new(reporter: &'a Reporter, steps: usize) -> Self {
        Self { reporter, bar: reporter.progress(u64::try_from(steps).unwrap_or(0)) }
    }

    /// Tells one event.
    pub fn tell(&self, event: &Event<'_>) {
        match event {
            Event::StepBegins { step } => self.bar.message(step.step.summary.clone()),
            Event::StepEnds { step, elapsed } => {
                self.bar.advance();
                self.line(&format!("  {}. {} ({})", step.number, step.step.summary, duration(*elapsed)));
            }
            Event::StepFound { step } => self.line(&format!("  {}. {}: found finished", step.number, step.step.summary)),
            Event::PlanBegins { plan, direction, steps, done } => {
                let verb = if *direction == Direction::Up { "applying" } else { "taking back" };
                let rest = if *done > 0 { format!(", going on after {}", count(*done, "step")) } else { String::new() };
                self.line(&format!("{verb} {} ({}{rest})", self.reporter.style(Style::Bold, plan), count(*steps, "step")));
            }
            Event::PlanEnds { plan, direction, elapsed } => {
                let done = if *direction == Direction::Up { "applied" } else { "taken back" };
                self.line(&format!("{} {plan} in {}", self.reporter.style(Style::Green, done), duration(*elapsed)));
            }
            Event::Tracking { version } => self.status(&format!("tracking schema trueup set up, version {version:04}")),
            Event::WaitingForLock { holder, at_most } => {
                let by = holder.map_or_else(|| "another session".to_owned(), ToString::to_string);
                self.status(&format!("waiting for the migration lock, at most {}: held by {by}", duration(*at_most)));
            }
            Event::TryAgain { step, attempt, pause, because, blockers } => {
                self.status(&format!("  {}. {}: {because}; try {attempt} in {}", step.number, step.step.summary, duration(*pause)));
                for blocker in *blockers {
                    self.status(&format!("     {}", run::describe(blocker)));
                }
            }
        }
    }

    fn line(&self, text: &str) {
        self.bar.suspend(|| self.reporter.line(text));
    }

    fn status(&self, text: &str) {
        self.bar.suspend(|| self.reporter.status(text));
    }
}
