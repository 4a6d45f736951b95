//! What `init` says it did.

use super::Scaffold;
use super::from::HandedOver;
use super::{documents, ignored};
use crate::cli::Failure;
use crate::definition::Phase;
use crate::env::Env;
use crate::render::clean;
use serde_json::{Value, json};

/// What was done, or would be.
pub(super) struct Done<'a> {
    /// The release.
    pub(super) scaffold: &'a Scaffold,
    /// Files that were not there.
    pub(super) created: Vec<&'a str>,
    /// Files that were taken over from the release before, and changed for this one.
    pub(super) carried: Vec<&'a str>,
    /// What the phase before handed over as one file.
    pub(super) handed: Option<&'a HandedOver>,
    /// Files that were there.
    pub(super) kept: Vec<&'a str>,
    /// Those among them that are about another release.
    pub(super) earlier: Vec<documents::Earlier>,
    /// Files that git will not see.
    pub(super) ignored: Vec<crate::collect::git::Ignored>,
    /// Lines that `.gitattributes` lacks.
    pub(super) lacking: Vec<String>,
    /// Whether this release was open before.
    pub(super) was_open: bool,
    /// Whether nothing was written.
    pub(super) dry_run: bool,
}

impl Done<'_> {
    /// For programs.
    pub(super) fn view(&self) -> Value {
        let scaffold = self.scaffold;
        json!({
            "release": scaffold.release, "commit": scaffold.commit, "attempt": scaffold.attempt,
            "taken_over": self.handed.map(|own| json!({ "release": own.release.name(), "place": own.place })),
            "created": self.created, "carried": self.carried, "kept": self.kept,
            "of_another_release":
                self.earlier.iter().map(documents::Earlier::view).collect::<Vec<_>>(),
            "ignored_by_git": self.ignored.iter().map(|found| json!({
                "path": found.path, "by": found.source, "line": found.line, "pattern": found.pattern,
            })).collect::<Vec<_>>(), "dry_run": self.dry_run,
        })
    }

    /// For people.
    pub(super) fn show(&self, phase: &Phase, env: &mut Env<'_>) -> Result<(), Failure> {
        let scaffold = self.scaffold;
        if let Some(handed) = self.handed {
            writeln!(env.out, "{}", clean(&handed.told))?;
        }
        let done = if self.dry_run { "would create" } else { "created" };
        for path in &self.created {
            writeln!(env.out, "{done}  {}", clean(path))?;
        }
        for path in &self.carried {
            writeln!(env.out, "carried  {}", clean(path))?;
        }
        for path in &self.kept {
            writeln!(env.out, "kept     {}", clean(path))?;
        }
        for line in documents::advice(&self.earlier, &scaffold.release) {
            writeln!(env.out, "{}", clean(&line))?;
        }
        for line in ignored::advice(&self.ignored, phase) {
            writeln!(env.out, "{}", clean(&line))?;
        }
        if !self.lacking.is_empty() {
            writeln!(
                env.out,
                "help: .gitattributes was kept; add these lines, or line endings will change digests:"
            )?;
            for line in &self.lacking {
                writeln!(env.out, "  {line}")?;
            }
        }
        writeln!(
            env.out,
            "\nrelease {} attempt {} at {}",
            clean(&scaffold.release),
            scaffold.attempt,
            clean(&scaffold.commit)
        )?;
        if self.was_open {
            writeln!(
                env.out,
                "it was open already; to release another commit: d3p archive --outcome superseded --reason WHY, then d3p init --release {}",
                clean(&scaffold.release)
            )?;
        }
        writeln!(env.out, "next: d3p doc shows what is still to be written")?;
        Ok(())
    }
}
