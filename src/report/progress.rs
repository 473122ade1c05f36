//! Progress on a terminal; nothing elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on standard error. It goes when it is dropped.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    pub(super) fn new(shown: bool, steps: u64) -> Self {
        if !shown {
            return Self(ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::hidden()));
        }
        let bar = ProgressBar::new(steps);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos}/{len} {wide_msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// What is being done.
    pub fn message(&self, text: impl Into<String>) {
        self.0.set_message(text.into());
    }

    /// One more is done.
    pub fn advance(&self) {
        self.0.inc(1);
    }

    /// Takes the bar away while `print` prints.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
