//! Opening a project for what takes a launch back: that is in nobody's way (issue: the second exit).

use super::takes_back;
use crate::cli::Failure;
use crate::cli::common::{Global, open_root};
use crate::cli::doctor;
use crate::env::Env;
use crate::project::Project;
use crate::source::Root;

/// Opens the project. Where its policy cannot be used, or nothing says which release is open, and
/// `hook` takes a launch back, both are brought back first, and what lay in their place is kept.
///
/// # Errors
/// When there is nothing to bring back, what kept the project from being opened.
pub(super) fn open(
    hook: &str,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(Root, Project), Failure> {
    let opened = global.open();
    let root = match &opened {
        Ok((_, project)) if project.release().is_some() || !takes_back(project, hook) => {
            return opened;
        }
        Ok((root, _)) => root.clone(),
        Err(_) => open_root(&doctor::directory(global)?)?,
    };
    let wants = |project: &Project| takes_back(project, hook);
    let restored = doctor::bring_back_for(&root, global.phase(), wants, env)?;
    if restored.is_empty() {
        return opened;
    }
    for own in restored {
        let kept = own.kept.map_or(String::new(), |kept| format!("; what lay there is {kept}"));
        let told = format!("{} could not be used, and came back from {}", own.path, own.from);
        writeln!(env.err, "d3p: {}{kept}", crate::render::clean(&told))?;
    }
    global.open()
}
