//! The reports that a hook declares: copied when it has run, out of the tree that it ran in.

use super::Running;
use super::tree::Tree;
use crate::cli::record::{Kept, copy_name, keep};
use crate::definition::CarryKind;
use crate::process::Redactor;
use crate::record::Import;
use crate::source::matching;
use std::path::Path;

/// What was collected of a run.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) imports: Vec<Import>,
    /// The copies to write.
    pub(super) copies: Vec<(String, Kept)>,
    /// The patterns that matched nothing, and files that could not be read.
    pub(super) missing: Vec<String>,
    /// Where the reports lie in the tree.
    pub(super) seen: Vec<String>,
}

impl Running<'_> {
    /// Reads what the run wrote; secrets are taken out of the copies.
    pub(super) fn collect_reports(&self, id: &str, redactor: &Redactor, tree: &Tree) -> Collected {
        let dir = self.project.places().run(self.name, id);
        let mut out = Collected::default();
        let secret = |path: &str| {
            let mut own = self.project.effective().policy.run.carry.iter();
            own.any(|own| own.kind == CarryKind::Secret && Path::new(path).starts_with(&own.path))
        };
        for spec in &self.hook.reports {
            let (format, pattern) = spec.files();
            let found = matching(&tree.root, pattern);
            if found.is_empty() {
                out.missing.push(pattern.to_owned());
            }
            for source in found {
                if out.seen.contains(&source) || secret(&source) {
                    continue;
                }
                let kept = keep(format, &source, &tree.root, self.root, redactor);
                let (import, kept) = match kept {
                    Ok(kept) => kept,
                    // The run is recorded all the same: no attempt vanishes with its report.
                    Err(fault) => {
                        out.missing
                            .push(redactor.redact_text(&format!("{source} ({})", fault.message)));
                        continue;
                    }
                };
                let path = format!("{dir}/{}-{}", out.seen.len() + 1, copy_name(&import.source));
                out.imports.push(Import {
                    path: path.clone(),
                    suite: spec.suite.clone(),
                    service: spec.service.clone(),
                    name: spec.part.clone(),
                    ..import
                });
                out.copies.push((path, kept));
                out.seen.push(source);
            }
        }
        out
    }
}
