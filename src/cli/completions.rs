//! `trueup completions`.

use clap::CommandFactory;

use super::{Cli, Context};
use crate::error::{Error, Exit};

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// For which shell; `man` for a manual page
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    Pwsh,
    Zsh,
    Man,
}

/// Prints what a shell reads to complete commands and flags, or the manual page.
///
/// # Errors
/// Where that cannot be made.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    use clap_complete::Shell as Known;
    let mut command = Cli::command();
    let mut text = Vec::new();
    let shell = match args.shell {
        Shell::Bash => Known::Bash,
        Shell::Elvish => Known::Elvish,
        Shell::Fish => Known::Fish,
        Shell::Pwsh => Known::PowerShell,
        Shell::Zsh => Known::Zsh,
        Shell::Man => {
            let made = clap_mangen::Man::new(command).render(&mut text);
            made.map_err(|error| Error::usage(format!("the manual page cannot be made: {error}")))?;
            return print(&text, context);
        }
    };
    clap_complete::generate(shell, &mut command, "trueup", &mut text);
    print(&text, context)
}

fn print(text: &[u8], context: &Context) -> Result<Exit, Error> {
    let text = String::from_utf8_lossy(text);
    context.reporter.raw(&text);
    context.reporter.document(&text);
    Ok(Exit::Done)
}
