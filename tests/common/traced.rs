//! A git that says that it was started, to count processes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

/// The machine's git behind a script that has each process write a file: those that git itself
/// starts among them.
pub struct TracedGit {
    dir: tempfile::TempDir,
}

impl TracedGit {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let traced = Self { dir };
        fs::create_dir_all(traced.dir.path().join("bin")).unwrap();
        let found = Command::new("sh").args(["-c", "command -v git"]).output().unwrap();
        let real = String::from_utf8(found.stdout).unwrap();
        let trace = traced.trace();
        let script = format!(
            "#!/bin/sh\nGIT_TRACE2_EVENT={} exec {} \"$@\"\n",
            trace.display(),
            real.trim()
        );
        let git = traced.dir.path().join("bin/git");
        fs::write(&git, script).unwrap();
        fs::set_permissions(&git, fs::Permissions::from_mode(0o755)).unwrap();
        traced.forget();
        traced
    }

    fn trace(&self) -> PathBuf {
        self.dir.path().join("trace")
    }

    /// `run` of a policy that takes git from here.
    pub fn policy(&self) -> String {
        format!(
            "run: {{ path: [{}, /usr/local/bin, /usr/bin, /bin], environment: [], secrets: [] }}",
            self.dir.path().join("bin").display()
        )
    }

    /// Counts from nothing again.
    pub fn forget(&self) {
        let _ = fs::remove_dir_all(self.trace());
        fs::create_dir_all(self.trace()).unwrap();
    }

    /// How many processes there were.
    pub fn count(&self) -> usize {
        fs::read_dir(self.trace()).unwrap().count()
    }
}
