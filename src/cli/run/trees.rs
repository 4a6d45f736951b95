//! Where trees are made: a directory that no work tree and no search upwards reaches.

use crate::cli::Failure;
use crate::definition::RunPolicy;
use crate::env::Env;
use crate::model::{Advice, Location};
use crate::tree::above;
use std::path::{Path, PathBuf};

/// Refuses a place for trees that a work tree or a tool's search upwards reaches.
pub(super) fn trees_are_apart(
    trees: &Path,
    work_trees: &[PathBuf],
    env: &Env<'_>,
) -> Result<(), Failure> {
    let lies = crate::collect::git::canonical(trees);
    if work_trees.iter().any(|own| lies.starts_with(own)) {
        return Err(Failure::refused(format!(
            "trees would be made in {}, which lies in a work tree of this repository",
            trees.display()
        ))
        .advise(elsewhere("say another directory: run: { trees: /var/tmp/d3p }")));
    }
    let home = env.var("HOME").map(Path::new);
    if let Some(found) = above(&trees.join("x"), home) {
        return Err(Failure::refused(format!(
            "{} lies above the trees that hooks run in: tools that look upwards would obey it, and nobody approved it",
            found.display()
        ))
        .advise(Advice::run(["mv".to_owned(), found.display().to_string(), format!("{}.away", found.display())]).what("move it away"))
        .advise(elsewhere("or have trees made elsewhere: run: { trees: /var/tmp/d3p }")));
    }
    Ok(())
}

/// The directory that trees are made in.
pub(super) fn trees_dir(policy: &RunPolicy, env: &Env<'_>) -> Result<PathBuf, Failure> {
    let absolute = |name: &str| env.var(name).map(PathBuf::from).filter(|dir| dir.is_absolute());
    let home = absolute("HOME");
    let found = match &policy.trees {
        Some(dir) => match dir.strip_prefix("~/") {
            Some(rest) => home.map(|home| home.join(rest)),
            None => Some(PathBuf::from(dir)),
        },
        None => absolute("XDG_STATE_HOME")
            .or_else(|| home.map(|home| home.join(".local/state")))
            .map(|state| state.join("d3p/trees")),
    };
    found.ok_or_else(|| {
        Failure::incomplete("there is no place for the tree that a hook runs in: neither XDG_STATE_HOME nor HOME is set")
            .advise(elsewhere("set one, or say a directory: run: { trees: /var/tmp/d3p }"))
    })
}

/// Advice to name another directory for trees.
pub(super) fn elsewhere(what: impl Into<String>) -> Advice {
    Advice::edit(Location::key("d3p.yaml", "/run/trees"), what)
}
