//! What a hook needs that is not in the commit: brought in before, collected after.

use super::Running;
use super::tree::Tree;
use crate::cli::Failure;
use crate::definition::{Carry, CarryKind};
use crate::model::{Advice, Location};
use crate::process::secrets_in;
use crate::project::{launch_input, made_output};
use crate::record::{Carried, Run};
use crate::render::clean;
use crate::text::shell;
use crate::tree::{Copied, Copies, CopyError, is_there, take_back, texts};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Most bytes that a launch is given besides the commit: 2 GiB.
const BOUND: u64 = 2 * 1024 * 1024 * 1024;

/// What is collected after a run, and what is worth telling about it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Gathered {
    pub(super) carried: Vec<Carried>,
    pub(super) told: Vec<String>,
    /// What could not be collected stays in the tree.
    pub(super) left: Vec<String>,
}

impl Running<'_> {
    fn carries(&self) -> impl Iterator<Item = &Carry> {
        let carry = &self.project.effective().policy.run.carry;
        carry.iter().filter(|own| own.is_for(self.name))
    }

    fn launches(&self) -> bool {
        self.project.phase.launches(self.step)
    }

    /// Copies what the policy declares into the tree.
    pub(super) fn bring_in(&self, tree: &mut Tree) -> Result<(), Failure> {
        let mut left = if self.launches() { BOUND } else { u64::MAX };
        for own in self.carries() {
            if own.path.split('/').any(|part| part.eq_ignore_ascii_case(".git")) {
                return Err(Failure::refused(format!(
                    "run.carry names {}: what git keeps of a clone is its claim, and steers every git that a hook calls",
                    own.path
                ))
                .advise(correct("carry only what a hook itself needs")));
            }
            let filtered = tree.filter_of(&own.path).is_some();
            if tree.is_tracked(&own.path) && !filtered {
                return Err(Failure::refused(format!(
                    "run.carry names {}, where the release's commit has a file",
                    own.path
                ))
                .advise(correct("carry only what is not in git")));
            }
            let to = tree.root.dir().join(&own.path);
            if filtered {
                crate::tree::remove(&to);
            }
            let wanted = self.wanted(own);
            let from = self.lies(own, wanted.as_deref(), tree);
            let mut carried = Carried {
                path: own.path.clone(),
                kind: own.kind.word().to_owned(),
                sha256: None,
                bytes: None,
                after: None,
            };
            if is_there(&from) {
                let mut copies = Copies { ways: &tree.ways, left };
                let copied = copies.copy(&from, &to).map_err(|error| not_carried(own, error))?;
                left = copies.left;
                self.is_wanted(own, copied, wanted.as_deref())?;
                if own.kind != CarryKind::Secret {
                    carried.sha256 = Some(copied.sha256.to_string());
                    carried.bytes = Some(copied.bytes);
                }
                tree.carried.push(carried);
            } else if let Some(wanted) = wanted.filter(|_| self.launches()) {
                return Err(self.not_here(own, &wanted));
            }
        }
        Ok(())
    }

    /// Where it is copied from: an output from where it is kept, else from the project.
    fn lies(&self, own: &Carry, wanted: Option<&str>, tree: &Tree) -> PathBuf {
        let here = self.root.dir().join(&own.path);
        match (own.kind, wanted) {
            (CarryKind::Output, Some(wanted)) => {
                let kept = tree.outputs.place(wanted);
                if is_there(&kept) { kept } else { here }
            }
            // What nobody recorded as made is made by the hook itself.
            (CarryKind::Output, None) => tree.outputs.place("none"),
            _ => here,
        }
    }

    /// The digest that it must have: of an output, what a hook of this attempt made last; of an
    /// input at launch, what was validated or signed for.
    fn wanted(&self, own: &Carry) -> Option<String> {
        match own.kind {
            CarryKind::Output => {
                // A launch takes what was approved, and nothing that was made since.
                let but = self.launches().then_some(self.environment);
                made_output(self.project, &own.path, but)
            }
            CarryKind::Input if self.launches() => {
                launch_input(self.project, &own.path, self.environment)
            }
            _ => None,
        }
    }

    fn is_wanted(&self, own: &Carry, copied: Copied, wanted: Option<&str>) -> Result<(), Failure> {
        let found = copied.sha256.to_string();
        match own.kind {
            CarryKind::Output if wanted != Some(found.as_str()) => {
                Err(self.not_here(own, wanted.unwrap_or_default()))
            }
            CarryKind::Input if self.launches() && wanted != Some(found.as_str()) => {
                let message = match wanted {
                    Some(wanted) => format!(
                        "review: {} is not what was validated and approved: its digest is {found}, and was {wanted}; nothing was run",
                        own.path
                    ),
                    None => format!(
                        "review: {} was validated by no run of this attempt: its digest is {found}; nothing was run",
                        own.path
                    ),
                };
                Err(Failure::refused(message)
                    .advise(Advice::answer("install again what was validated"))
                    .advise(Advice::d3p(["approve", "request", "production"]).what("or put what lies here to whoever approves, by its digest; a GO from before then no longer counts")))
            }
            _ => Ok(()),
        }
    }

    fn not_here(&self, own: &Carry, wanted: &str) -> Failure {
        let by =
            self.project.runs().into_iter().filter(|(_, run)| made(run, &own.path) == Some(wanted));
        let hook = by.map(|(_, run)| run.hook.clone()).next_back().unwrap_or_default();
        Failure::refused(format!(
            "{} as hook {hook} made it is not here: nothing here has the digest {wanted}; nothing was run",
            own.path
        ))
        .advise(Advice::answer(format!("bring the job's artifact here, as {}", own.path)))
        .advise(Advice::d3p(["run", hook.as_str()]).what("or make it again; an approval from before then no longer counts"))
    }

    /// Path and value of each secret in what was carried as one: no log and no report tells them.
    ///
    /// The release's own version and commit are told everywhere, also where such a file names them.
    pub(super) fn carried_secrets(&self, tree: &Tree) -> Vec<(String, String)> {
        let secret = CarryKind::Secret.word();
        let mut found = Vec::new();
        for own in tree.carried.iter().filter(|own| own.kind == secret) {
            for text in texts(&tree.root.dir().join(&own.path)) {
                let values = secrets_in(&text).filter(|value| {
                    !value.contains(&self.release.version) && !value.contains(&self.release.commit)
                });
                found.extend(values.map(|value| (own.path.clone(), value.to_owned())));
            }
        }
        found
    }

    /// Takes outputs and state out of the tree, whatever became of the run.
    pub(super) fn gather(&self, tree: &Tree) -> Gathered {
        let mut out = Gathered::default();
        for own in self.carries() {
            let before = tree.carried.iter().find(|carried| carried.path == own.path);
            let mut carried = before.cloned().unwrap_or(Carried {
                path: own.path.clone(),
                kind: own.kind.word().to_owned(),
                sha256: None,
                bytes: None,
                after: None,
            });
            let lies = tree.root.dir().join(&own.path);
            let done = match own.kind {
                CarryKind::Output if is_there(&lies) => {
                    self.keep_output(own, &lies, tree, &mut out)
                }
                CarryKind::State if is_there(&lies) => {
                    self.write_back(own, &lies, &carried, &mut out)
                }
                _ => Ok(None),
            };
            match done {
                // What a hook was given and left as it was, it did not make.
                Ok(after) if after.is_some() && after == carried.sha256 => {}
                Ok(after) => carried.after = after,
                Err(error) => {
                    out.told.push(format!("{}: {}", own.path, error.message));
                    out.left.push(own.path.clone());
                }
            }
            if before.is_some() || carried.after.is_some() {
                out.carried.push(carried);
            }
        }
        out
    }

    /// Takes carried secrets away: they go with the tree, also where the tree stays.
    pub(super) fn forget_secrets(&self, tree: &Tree) {
        for own in self.carries().filter(|own| own.kind == CarryKind::Secret) {
            crate::tree::remove(&tree.root.dir().join(&own.path));
        }
    }

    fn keep_output(
        &self,
        own: &Carry,
        lies: &Path,
        tree: &Tree,
        out: &mut Gathered,
    ) -> Result<Option<String>, CopyError> {
        let runs = self.project.runs();
        let wanted: Vec<String> = runs
            .iter()
            .flat_map(|(_, run)| run.carried.iter().filter_map(|carried| carried.after.clone()))
            .collect();
        let kept = tree.outputs.keep(lies, &wanted)?;
        let digest = kept.sha256.to_string();
        let here = self.root.dir().join(&own.path);
        if !is_there(&here) && crate::tree::copy_plain(&tree.outputs.place(&digest), &here).is_ok()
        {
            out.told.push(format!(
                "{} was made ({} bytes), and lies in the project",
                own.path, kept.bytes
            ));
        } else {
            out.told.push(format!(
                "{} was made ({} bytes), and is kept in {}",
                own.path,
                kept.bytes,
                tree.outputs.place(&digest).display()
            ));
        }
        Ok(Some(digest))
    }

    fn write_back(
        &self,
        own: &Carry,
        lies: &Path,
        carried: &Carried,
        out: &mut Gathered,
    ) -> Result<Option<String>, CopyError> {
        let to = self.root.dir().join(&own.path);
        match take_back(lies, &to, carried.sha256.as_deref())? {
            Some(after) => Ok(Some(after.sha256.to_string())),
            None => {
                out.told.push(format!(
                    "{} was changed in the project while the hook ran: what the hook left is in its tree, and neither was overwritten",
                    own.path
                ));
                out.left.push(own.path.clone());
                Ok(None)
            }
        }
    }

    /// What lies in the project and not in the tree and that the hook may have missed.
    pub(super) fn missed(&self, tree: &Tree, said: &str, argv: &[String]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let top = tree.ways.tree.to_string_lossy().into_owned();
        let words = argv.iter().map(String::as_str).chain([said]);
        let words = words.flat_map(|text| {
            text.split(|c: char| c.is_whitespace() || "'\"`:=,;()[]<>".contains(c))
        });
        for word in words {
            let word = word.strip_prefix(top.as_str()).unwrap_or(word);
            let word =
                word.trim_start_matches("./").trim_start_matches('/').trim_end_matches(['.', '/']);
            let lacks = !word.is_empty()
                && crate::source::check_path(word).is_ok()
                && is_there(&self.root.dir().join(word))
                && !is_there(&tree.root.dir().join(word));
            if lacks && !found.iter().any(|own| own == word) {
                found.push(word.to_owned());
            }
        }
        // Tools rarely name the directory that they load from.
        let loaded = ["node_modules", ".venv", "venv", "vendor", "dist", "build", ".env"];
        for name in loaded {
            let lacks =
                is_there(&self.root.dir().join(name)) && !is_there(&tree.root.dir().join(name));
            if lacks && !found.iter().any(|own| own == name || own.starts_with(&format!("{name}/")))
            {
                found.push(name.to_owned());
            }
        }
        found.truncate(5);
        found
            .iter()
            .map(|path| {
                let kind = kind_of(path);
                format!(
                    "{} lies in the project and not in the release's commit: commit it, then d3p pin; or add to d3p.yaml, below run: carry: [{{ path: {}, kind: {kind} }}]",
                    clean(path),
                    shell::word(path)
                )
            })
            .collect()
    }
}

fn made<'a>(run: &'a Run, path: &str) -> Option<&'a str> {
    run.carried.iter().find(|carried| carried.path == path)?.after.as_deref()
}

fn not_carried(own: &Carry, error: CopyError) -> Failure {
    let failure = Failure::refused(format!("{} cannot be carried: {}", own.path, error.message));
    match error.help {
        Some(help) => failure.advise(correct(help)),
        None => failure.advise(correct("correct it")),
    }
}

/// Advice about `run.carry`.
fn correct(what: impl Into<String>) -> Advice {
    Advice::edit(Location::key("d3p.yaml", "/run/carry"), what)
}

/// What something is likely to be, by its name.
fn kind_of(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let top = path.split('/').next().unwrap_or(path);
    if name.starts_with(".env") || name.ends_with(".pem") || name.ends_with(".key") {
        "secret"
    } else if name.contains("tfstate") || top == ".terraform" {
        "state"
    } else if ["dist", "build", "out", "target", "bin"].contains(&top) {
        "output"
    } else {
        "input"
    }
}
