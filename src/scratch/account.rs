//! The account that servers run as: PostgreSQL refuses to run as root.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use nix::unistd::{Gid, Uid, User, geteuid};

use super::ScratchError;

/// Whom the server's programs run as.
#[derive(Clone, Copy, Debug)]
pub(super) struct Account {
    other: Option<(Uid, Gid)>,
}

impl Account {
    /// The user itself, or `nobody` under root. Not `postgres`: what schema files run on a scratch server must not reach the files of a
    /// real cluster.
    pub fn current() -> Result<Self, ScratchError> {
        if !geteuid().is_root() {
            return Ok(Self { other: None });
        }
        match User::from_name("nobody") {
            Ok(Some(user)) => Ok(Self { other: Some((user.uid, user.gid)) }),
            _ => Err(ScratchError::prepare("PostgreSQL does not run as root", "there is no user \"nobody\" to run it as")),
        }
    }

    /// The user id of its files.
    pub fn uid(self) -> u32 {
        self.other.map_or_else(geteuid, |(uid, _)| uid).as_raw()
    }

    /// How the user is named in error texts.
    pub fn name(self) -> &'static str {
        if self.other.is_some() { "user nobody" } else { "this user" }
    }

    /// A program that runs as this account, outside of the folder that the caller is in (which the account may not see), with an environment
    /// that does not reach into what the server does.
    pub fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").env_clear().env("LC_ALL", "C");
        for name in ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Some((uid, gid)) = self.other {
            // with uid, the standard library also gives up root's supplementary groups
            command.uid(uid.as_raw()).gid(gid.as_raw());
        }
        command
    }

    /// Gives a file or folder to the account.
    pub fn own(self, path: &Path) -> std::io::Result<()> {
        match self.other {
            Some((uid, gid)) => std::os::unix::fs::lchown(path, Some(uid.as_raw()), Some(gid.as_raw())),
            None => Ok(()),
        }
    }

    /// Whether the account can make and remove files in this folder, as far as its permissions say.
    pub fn may_use(self, folder: &Path) -> bool {
        use std::os::unix::fs::PermissionsExt;
        let allows = |folder: &Path, bits: u32| folder.metadata().is_ok_and(|meta| meta.permissions().mode() & bits == bits);
        self.other.is_none() || (allows(folder, 0o003) && folder.ancestors().all(|above| allows(above, 0o001)))
    }
}
