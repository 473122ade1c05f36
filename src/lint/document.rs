//! The documentation of rules, read from the files that hold them.

/// A rule's documentation: the doc comment at the head of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// All of it, as Markdown.
    pub text: String,
}

impl Document {
    /// The doc comment of a file.
    pub fn of(source: &str) -> Self {
        let lines = source.lines().map_while(|line| line.strip_prefix("//!")).map(|line| line.strip_prefix(' ').unwrap_or(line));
        Self { text: lines.collect::<Vec<_>>().join("\n") }
    }

    /// Its first paragraph.
    pub fn summary(&self) -> String {
        paragraph(self.text.lines())
    }

    /// The words under a heading, up to the next one or an example.
    pub fn section(&self, heading: &str) -> String {
        let title = format!("# {heading}");
        paragraph(self.text.lines().skip_while(|line| *line != title).skip(1).skip_while(|line| line.is_empty()))
    }

    /// The SQL of its examples: the first is what the rule finds, the others are what to write instead.
    pub fn examples(&self) -> Vec<String> {
        let mut examples: Vec<String> = Vec::new();
        let mut inside = false;
        for line in self.text.lines() {
            if line.starts_with("```") {
                if !inside {
                    examples.push(String::new());
                }
                inside = !inside;
            } else if let Some(example) = examples.last_mut().filter(|_| inside) {
                example.push_str(line);
                example.push('\n');
            }
        }
        examples
    }
}

fn paragraph<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.take_while(|line| !line.is_empty() && !line.starts_with("```") && !line.starts_with('#')).collect::<Vec<_>>().join(" ")
}
