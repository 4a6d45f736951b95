//! The reports that a hook declares: moved aside before it runs, copied when it has.

use super::Running;
use super::prepare::Prepared;
use crate::cli::Failure;
use crate::cli::common::trusted_git;
use crate::cli::record::{copy_name, keep};
use crate::env::Env;
use crate::model::Advice;
use crate::process::Redactor;
use crate::record::{Import, Run};
use crate::source::{RAW_LIMIT, matching};
use crate::write::{ASIDE_DIR, clear_aside, move_file};

/// Imports, the copies to write, and the patterns that matched nothing.
pub(super) type Collected = (Vec<Import>, Vec<(String, Vec<u8>)>, Vec<String>);

impl Running<'_> {
    /// Moves report files of earlier runs aside, so that only what this run writes counts.
    pub(super) fn move_reports_aside(&self, env: &Env<'_>) -> Result<(), Failure> {
        let mut old: Vec<String> = Vec::new();
        for spec in &self.hook.reports {
            old.extend(matching(self.root, spec.files().1));
        }
        old.sort();
        old.dedup();
        if old.is_empty() {
            return Ok(());
        }
        let git = trusted_git(self.root, self.project, env)?;
        for path in &old {
            if git.blob(&self.release.commit, path)?.is_some() {
                return Err(Failure::refused(format!(
                    "hook {} declares the report {path}, which is part of the release itself",
                    self.name
                ))
                .advise(Advice::answer("a report is written by the run: take the file out of git, or correct `reports` in d3p.yaml")));
            }
        }
        clear_aside(self.root, self.name)?;
        for path in &old {
            move_file(self.root, path, &format!("{ASIDE_DIR}/{}/{path}", self.name))?;
        }
        Ok(())
    }

    /// Reads what the run wrote; secrets are taken out of the copies.
    pub(super) fn collect_reports(&self, prepared: &Prepared) -> Collected {
        let dir = Run::stem(self.name, &prepared.id);
        let redactor = Redactor::new(&prepared.secrets);
        let (mut imports, mut copies, mut missing): Collected = Default::default();
        let mut seen: Vec<String> = Vec::new();
        for spec in &self.hook.reports {
            let (format, pattern) = spec.files();
            let found = matching(self.root, pattern);
            if found.is_empty() {
                missing.push(pattern.to_owned());
            }
            for source in found {
                if seen.contains(&source) {
                    continue;
                }
                let bytes = match self.root.bytes(&source, RAW_LIMIT) {
                    Ok(bytes) => bytes,
                    // The run is recorded all the same: no attempt vanishes with its report.
                    Err(fault) => {
                        missing
                            .push(redactor.redact_text(&format!("{source} ({})", fault.message)));
                        continue;
                    }
                };
                let (import, kept) = keep(format, &source, bytes, &redactor);
                let path = format!("{dir}/{}-{}", seen.len() + 1, copy_name(&import.source));
                imports.push(Import {
                    path: path.clone(),
                    suite: spec.suite.clone(),
                    service: spec.service.clone(),
                    ..import
                });
                copies.push((path, kept));
                seen.push(source);
            }
        }
        (imports, copies, missing)
    }
}
