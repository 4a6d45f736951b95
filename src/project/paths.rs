//! Which paths the phase accounts for, and patterns of paths.

use crate::project::Project;
use globset::{GlobBuilder, GlobMatcher};
use std::collections::BTreeSet;

/// Every path below `.artifacts/deployment/` that the phase or a record accounts for.
pub fn declared_paths(project: &Project) -> BTreeSet<String> {
    let mut declared: BTreeSet<String> =
        project.phase.evidence.values().map(|def| def.path.clone()).collect();
    declared.extend(
        project.phase.gates.iter().map(|(id, gate)| project.places().gate(gate.number, id)),
    );
    declared.extend(
        [
            project.places().ledger(),
            project.places().policy(),
            project.places().waivers(),
            project.places().contents(),
        ]
        .map(str::to_owned),
    );
    declared.extend(project.cited.keys().cloned());
    declared.extend(project.raw.keys().cloned());
    declared
}

/// A pattern for files below the project: `*` stays within a name, `**` goes through directories.
pub fn glob(pattern: &str) -> Option<GlobMatcher> {
    let built = GlobBuilder::new(pattern).literal_separator(true).build();
    built.ok().map(|glob| glob.compile_matcher())
}
