//! Commands: one file each. A command resolves its arguments, calls the library, and reports.

mod adopt;
mod apply;
mod completions;
mod context;
mod convert;
mod diff;
mod down;
mod drift;
mod dump;
mod init;
mod lint;
mod lock;
mod new;
mod page;
mod plan;
mod progress;
mod prove;
mod rebase;
mod rehash;
mod roles;
mod schema_of;
mod settle;
mod show;
mod source;
mod sources;
mod status;
mod steps;
mod verify;

use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand, ValueEnum};

use crate::config::{Overrides, Settings};
use crate::error::{Error, Exit};
use crate::report::{Color, Diagnostic, Format, Reporter};
pub use context::Context;

/// Brings a PostgreSQL database true to its schema files.
#[derive(Debug, Parser)]
#[command(name = "trueup", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// Flags that every command takes.
#[derive(Debug, clap::Args)]
struct Globals {
    /// Settings file [default: trueup.toml where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Environment of the settings file
    #[arg(long, global = true, value_name = "NAME")]
    env: Option<String>,
    /// The database, as a URL or as libpq's key=value words
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Folder or file of the desired state (repeat for several) [default: db/schema]
    #[arg(long, global = true, value_name = "PATH")]
    schema: Vec<String>,
    /// Folder of the plan files [default: plans]
    #[arg(long, global = true, value_name = "DIR")]
    plans: Option<String>,
    /// What standard output carries
    #[arg(long, global = true, value_enum, default_value_t)]
    format: Format,
    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t)]
    color: Color,
    /// More of what goes on
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
    /// Errors and results alone
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Whether a throwaway server is used
    #[arg(long, global = true, value_enum)]
    scratch: Option<ScratchArg>,
    /// A server for scratch databases, instead of a private one
    #[arg(long, global = true, value_name = "URL")]
    scratch_url: Option<String>,
    /// Folder of the PostgreSQL programs for the private server
    #[arg(long, global = true, value_name = "DIR")]
    scratch_bin: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ScratchArg {
    Auto,
    Off,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make settings, folders, and, with a database, the tracking schema
    Init(init::Args),
    /// Write a plan for current -> schema files
    Plan(plan::Args),
    /// Make an empty plan pair for hand-written SQL
    New(new::Args),
    /// Show the difference of any two sources
    Diff(diff::Args),
    /// Plan again on top of the other head, where two plans were made from the same state
    Rebase(rebase::Args),
    /// Make an edited plan official: proved, linted and sealed again
    Rehash(rehash::Args),
    /// Hold the live database against what the applied plans say
    Drift(drift::Args),
    /// Write the live database as schema files
    Dump(dump::Args),
    /// Run plans up, down and up on a scratch server
    Prove(prove::Args),
    /// Show one plan
    Show(show::Args),
    /// Lint plan files or any SQL file
    Lint(lint::Args),
    /// Where every plan stands; writes nothing
    Status(status::Args),
    /// Apply pending plans
    Apply(apply::Args),
    /// Take applied plans back
    Down(down::Args),
    /// Hold plan files against what was recorded when they were applied
    Verify(verify::Args),
    /// Settle a dirty plan by hand
    Resolve(settle::Resolve),
    /// Accept one edit of an applied plan
    AcceptChecksum(settle::Accept),
    /// The records of what was applied
    History(settle::History),
    /// The migration lock
    Lock(lock::Args),
    /// The JSON Schema of what a command prints with --format json
    SchemaOf(schema_of::Args),
    /// What a shell reads to complete commands, or the manual page
    Completions(completions::Args),
}

impl Command {
    /// Flags of the command that set settings.
    fn overrides(&self, overrides: &mut Overrides) {
        match self {
            Self::Apply(args) => args.overrides(overrides),
            Self::Down(args) => args.overrides(overrides),
            _ => {}
        }
    }
}

impl Globals {
    fn overrides(&self) -> Overrides {
        let mut overrides = Overrides::default();
        overrides.config.clone_from(&self.config);
        overrides.env.clone_from(&self.env);
        overrides.set_opt("database_url", "--database-url", self.database_url.as_ref());
        overrides.set_list("schema", "--schema", &self.schema);
        overrides.set_opt("plans", "--plans", self.plans.as_ref());
        let mode = self.scratch.map(|mode| if matches!(mode, ScratchArg::Off) { "off" } else { "auto" });
        overrides.set_opt("scratch.mode", "--scratch", mode);
        overrides.set_opt("scratch.url", "--scratch-url", self.scratch_url.as_ref());
        overrides.set_opt("scratch.bin", "--scratch-bin", self.scratch_bin.as_ref());
        overrides
    }

    fn verbosity(&self) -> i8 {
        if self.quiet { -1 } else { i8::try_from(self.verbose).unwrap_or(i8::MAX) }
    }
}

/// Runs the command of this process's arguments.
pub fn main() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; wrong arguments are.
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            let _printed = error.print();
            if exit == Exit::Usage && wants_json() {
                let said = error.render().to_string();
                let message = said.strip_prefix("error: ").unwrap_or(&said).trim_end();
                Reporter::new(Format::Json, Color::Never, -1).failure(&Error::usage(message));
            }
            return exit;
        }
    };
    start_logging();
    let reporter = Reporter::new(cli.globals.format, cli.globals.color, cli.globals.verbosity());
    let exit = in_runtime(&cli, reporter).unwrap_or_else(|error| {
        reporter.error(&error);
        error.exit
    });
    match reporter.lost() {
        Some(why) if exit == Exit::Done => {
            reporter.diagnostic(&Diagnostic::error(format!("the output could not be written: {why}")));
            Exit::Usage
        }
        _ => exit,
    }
}

/// Whether the arguments, wrong as they are, ask for JSON.
fn wants_json() -> bool {
    let arguments: Vec<String> = std::env::args().collect();
    arguments.iter().any(|argument| argument == "--format=json") || arguments.windows(2).any(|pair| pair == ["--format", "json"])
}

fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("TRUEUP_LOG").unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("off"));
    let _already = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
        .with_writer(std::io::stderr)
        .try_init();
}

fn in_runtime(cli: &Cli, reporter: Reporter) -> Result<Exit, Error> {
    let cannot = |error: &dyn std::fmt::Display| Error::usage(format!("cannot start: {error}"));
    let stack = crate::sql::stack::STACK_SIZE;
    rayon::ThreadPoolBuilder::new().stack_size(stack).build_global().map_err(|error| cannot(&error))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| cannot(&error))?;
    let mut overrides = cli.globals.overrides();
    cli.command.overrides(&mut overrides);
    let settings = Settings::resolve(&overrides)?;
    let context = Context { settings, reporter };
    runtime.block_on(run(&cli.command, &context))
}

async fn run(command: &Command, context: &Context) -> Result<Exit, Error> {
    match command {
        Command::Init(args) => init::run(args, context).await,
        Command::Plan(args) => plan::run(args, context).await,
        Command::Diff(args) => diff::run(args, context).await,
        Command::Drift(args) => drift::run(args, context).await,
        Command::Dump(args) => dump::run(args, context).await,
        Command::Prove(args) => prove::run(args, context).await,
        Command::New(args) => new::run(args, context),
        Command::Show(args) => show::run(args, context),
        Command::Lint(args) => lint::run(args, context),
        Command::Status(args) => status::run(args, context).await,
        Command::Apply(args) => apply::run(args, context).await,
        Command::Down(args) => down::run(args, context).await,
        Command::Verify(args) => verify::run(args, context).await,
        Command::Rebase(args) => rebase::run(args, context).await,
        Command::Rehash(args) => rehash::run(args, context).await,
        Command::Resolve(args) => settle::resolve(args, context).await,
        Command::AcceptChecksum(args) => settle::accept(args, context).await,
        Command::History(args) => settle::history(args, context).await,
        Command::Lock(args) => lock::run(args, context).await,
        Command::SchemaOf(args) => schema_of::run(args, context),
        Command::Completions(args) => completions::run(args, context),
    }
}
