//! Which paths are d3p's own: changing them does not change the release.

use crate::project::Project;
use crate::record::{
    DEPLOYMENT_DIR, LEDGER_PATH, OBJECTS_DIR, POLICY_PATH, RAW_DIR, WAIVERS_PATH, gate_record_path,
};
use globset::{GlobBuilder, GlobMatcher};
use std::collections::BTreeSet;

/// Every path below `.artifacts/deployment/` that the phase or a record accounts for.
pub fn declared_paths(project: &Project) -> BTreeSet<String> {
    let mut declared: BTreeSet<String> =
        project.phase.evidence.values().map(|def| def.path.clone()).collect();
    declared.extend(project.phase.gates.iter().map(|(id, gate)| gate_record_path(gate.number, id)));
    declared.extend([LEDGER_PATH, POLICY_PATH, WAIVERS_PATH].map(str::to_owned));
    declared.extend(project.cited.keys().cloned());
    declared.extend(project.raw.keys().cloned());
    declared
}

/// Whether `path` (from the project's root) is one of d3p's own paths (design: "Belongs to the
/// release").
pub fn is_own_path(project: &Project, path: &str) -> bool {
    let below = |dir: &str| path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
    ["d3p", ".d3p", DEPLOYMENT_DIR, ".artifacts/releases", OBJECTS_DIR, RAW_DIR]
        .iter()
        .any(|dir| below(dir))
        || path == "d3p.yaml"
        || (below(".artifacts") || below("docs"))
            && project.prerequisite_paths.values().any(|own| own == path)
        || project
            .phase
            .prerequisites
            .values()
            .any(|def| def.path == path || def.aliases.iter().any(|alias| alias == path))
}

/// A pattern for files below the project: `*` stays within a name, `**` goes through directories.
pub fn glob(pattern: &str) -> Option<GlobMatcher> {
    let built = GlobBuilder::new(pattern).literal_separator(true).build();
    built.ok().map(|glob| glob.compile_matcher())
}

/// Whether `path` is one that a hook declares to write: such a file, untracked, does not make the
/// tree another one.
pub fn is_report_path(project: &Project, path: &str) -> bool {
    let hooks = project.effective().policy.hooks.values();
    let mut patterns = hooks.flat_map(|hook| &hook.reports).map(|spec| spec.files().1);
    patterns.any(|pattern| glob(pattern).is_some_and(|glob| glob.is_match(path)))
}
