//! Errors of the library as errors of a command: with an exit code, a place, and what to do.

use crate::error::{Error, Exit};
use crate::plan::make::MakeError;
use crate::plan::proof::ProofError;
use crate::plan::steps::StepsError;
use crate::report::{Diagnostic, Place};
use crate::scratch::ScratchError;
use crate::source::connect::ConnectError;
use crate::source::files::FilesError;
use crate::source::live::LiveError;
use crate::source::load::LoadError;

impl From<ConnectError> for Error {
    fn from(error: ConnectError) -> Self {
        let exit = if error.exit_code() == Exit::Usage.code() { Exit::Usage } else { Exit::Unreachable };
        Self::new(exit, Diagnostic::error(error.to_string()).help(error.help()))
    }
}

impl From<ScratchError> for Error {
    fn from(error: ScratchError) -> Self {
        let help = "name PostgreSQL's programs by --scratch-bin, a server by --scratch-url, or plan with --scratch off";
        let exit = match &error {
            ScratchError::Connect(connect) if connect.exit_code() != Exit::Usage.code() => Exit::Unreachable,
            _ => Exit::Usage,
        };
        Self::new(exit, Diagnostic::error(error.to_string()).help(help))
    }
}

impl From<FilesError> for Error {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::At { file, span, message, .. } => {
                Self::usage(Diagnostic::error(message).at(Place::new(file.path.clone(), file.text.as_str(), span)))
            }
            read @ FilesError::Read { .. } => Self::usage(Diagnostic::error(read.to_string())),
        }
    }
}

impl From<LiveError> for Error {
    fn from(error: LiveError) -> Self {
        match &error {
            LiveError::Query(query) => Self::server("cannot read the catalogs", Exit::Unreachable, query),
            LiveError::Row(_) | LiveError::Unmanaged(_) | LiveError::Torn(_) => Self::usage(Diagnostic::error(error.to_string())),
        }
    }
}

impl From<LoadError> for Error {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Refused(at) => (*at).into(),
            LoadError::Extension(_) | LoadError::Tablespace(_) | LoadError::Role(_) => Self::usage(Diagnostic::error(error.to_string())),
            LoadError::Lost(lost) => Self::server("the scratch server was lost", Exit::Unreachable, &lost),
        }
    }
}

impl From<StepsError> for Error {
    fn from(error: StepsError) -> Self {
        Self::usage(Diagnostic::error(error.to_string()))
    }
}

impl From<ProofError> for Error {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Scratch(scratch) => scratch.into(),
            ProofError::Live(live) => live.into(),
            ProofError::Steps(steps) => steps.into(),
            ProofError::Lost(lost) => Self::server("the scratch server was lost", Exit::Unreachable, &lost),
            witness @ ProofError::Witness(_) => Self::usage(Diagnostic::error(witness.to_string())),
        }
    }
}

impl From<MakeError> for Error {
    fn from(error: MakeError) -> Self {
        match error {
            MakeError::Live(live) => live.into(),
            MakeError::Load(load) => load.into(),
            MakeError::Scratch(scratch) => scratch.into(),
            MakeError::Steps(steps) => steps.into(),
            MakeError::Proof(proof) => proof.into(),
            MakeError::Lost(lost) => Self::server("the server was lost", Exit::Unreachable, &lost),
            complete @ MakeError::Complete(_) => Self::usage(Diagnostic::error(complete.to_string())),
        }
    }
}
