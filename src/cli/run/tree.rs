//! The tree that a hook runs in, made of the release's commit; and what of it stays.

use super::trees::{elsewhere, trees_are_apart, trees_dir};
use super::{Running, environment};
use crate::cli::Failure;
use crate::collect::git::{Checkout, Git, Mode};
use crate::definition::{Derivation, ReportFormat};
use crate::env::Env;
use crate::model::{Advice, Location};
use crate::process::Redactor;
use crate::project::{Project, glob};
use crate::record::{Carried, Run};
use crate::source::{Root, matching};
use crate::tree::{Leads, Outputs, Place, PlaceError, Ways, leads_out, new_directory};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Most paths that are named one by one.
const MOST_NAMED: usize = 20;

/// A tree, from when it was made until it is left.
#[derive(Debug)]
pub(in crate::cli) struct Tree {
    place: Place,
    /// The project in it.
    pub(in crate::cli) root: Root,
    /// Where things may lead.
    pub(super) ways: Ways,
    /// The commit's own entries, from the top of the repository.
    made: Checkout,
    /// Where the project lies in the repository.
    prefix: String,
    git: Git,
    /// What led out of it, in words.
    pub(super) outside: Vec<String>,
    /// What was brought in.
    pub(super) carried: Vec<Carried>,
    /// Outputs of hooks, kept for later ones.
    pub(super) outputs: Outputs,
    /// Whether a hook was run in it: then nothing new in it is thrown away.
    used: bool,
    /// What runs in it, as messages call it.
    pub(super) name: String,
}

impl Drop for Tree {
    fn drop(&mut self) {
        if !self.used {
            // What was only made holds nothing that is not in the commit; what cannot be removed is
            // set aside by the next run.
            let _ = self.place.leave(false, false);
        }
    }
}

/// What a hook changed in its tree and what it left there.
#[derive(Debug, Default)]
pub(super) struct After {
    /// Files of the release.
    pub(super) changed: Vec<String>,
    /// What was collected nowhere.
    pub(super) left: Vec<String>,
}

/// What a tree is made for.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Purpose<'a> {
    pub(in crate::cli) project: &'a Project,
    /// The commit that it is made of.
    pub(in crate::cli) commit: &'a str,
    pub(in crate::cli) environment: &'a str,
    /// The hook that runs in it, or what else does.
    pub(in crate::cli) name: &'a str,
    /// Whether it stays until the next one, since what is started in it goes on.
    pub(in crate::cli) stays: bool,
    /// Where trees are made instead of where the policy says.
    pub(in crate::cli) trees: Option<&'a Path>,
}

impl Purpose<'_> {
    /// Makes the tree.
    ///
    /// # Errors
    /// When there is no place for it that nothing else reaches into, when git cannot give the commit
    /// as its name says, or when a link in it leads out.
    pub(in crate::cli) fn make(self, git: Git, id: &str, env: &Env<'_>) -> Result<Tree, Failure> {
        let policy = &self.project.effective().policy;
        let trees = match self.trees {
            Some(trees) => trees.to_owned(),
            None => trees_dir(&policy.run, env)?,
        };
        let work_trees = git.work_trees();
        trees_are_apart(&trees, &work_trees, env)?;
        let name = policy.project.rsplit('/').next().filter(|name| !name.is_empty());
        let name = name.unwrap_or("project");
        let prefix = git.prefix().to_owned();
        let phase = &self.project.phase.id;
        let identity = [policy.project.as_str(), &prefix, phase, self.environment, self.name];
        let place = Place::take(&trees, &identity, name).map_err(no_place)?;
        place.make_room(id, self.stays).map_err(|error| self.not_made(&error.to_string()))?;
        let dir = place.tree();
        let made = git.checkout(self.commit, &dir)?;
        let top = Root::open(&dir).map_err(|error| self.not_made(&error.to_string()))?;
        let root = Root::open(&dir.join(&prefix)).map_err(|_| {
            Failure::refused(format!(
                "the release's commit {} has no directory {prefix}",
                crate::project::short(self.commit)
            ))
            .advise(Advice::d3p(["pin"]).what("set the release to a commit that has it"))
        })?;
        let ways = Ways {
            tree: top.dir().to_owned(),
            work_trees,
            programs: environment::search_path(&policy.run, env),
        };
        let outputs = Outputs::new(trees.join("outputs").join(place_name(&[
            &policy.project,
            &prefix,
            phase,
        ])));
        let mut tree = Tree {
            place,
            root,
            ways,
            made,
            prefix,
            git,
            outside: Vec::new(),
            carried: Vec::new(),
            outputs,
            used: false,
            name: format!("hook {}", self.name),
        };
        tree.hold_links()?;
        tree.outside.extend(tree.made.absent.clone());
        Ok(tree)
    }

    fn not_made(&self, why: &str) -> Failure {
        Failure::incomplete(format!("the tree of hook {} cannot be made: {why}", self.name))
    }
}

impl Running<'_> {
    /// Makes the tree of the release's commit for this hook.
    pub(super) fn make_tree(&self, git: Git, id: &str, env: &Env<'_>) -> Result<Tree, Failure> {
        let purpose = Purpose {
            project: self.project,
            commit: &self.release.commit,
            environment: self.environment,
            name: self.name,
            stays: self.deploys(),
            trees: None,
        };
        if !self.step.takes_back() {
            return purpose.make(git, id, env);
        }
        purpose.make(git.clone(), id, env).or_else(|failure| {
            let Ok(apart) = new_directory(env.var("TMPDIR")) else { return Err(failure) };
            Purpose { trees: Some(&apart), ..purpose }.make(git, id, env).map_err(|_| failure)
        })
    }

    /// The tree of a run that has ended, or, where that is gone, one in which nothing lies.
    pub(super) fn tree_again(
        &self,
        git: Git,
        dir: &Path,
        run: &Run,
        env: &Env<'_>,
    ) -> Result<Tree, Failure> {
        let policy = &self.project.effective().policy;
        let place = Place::take_again(dir).map_err(no_place)?;
        let trees = trees_dir(&policy.run, env)?;
        let top = Root::open(dir).map_err(|error| self.no_tree(&error.to_string()))?;
        let prefix = git.prefix().to_owned();
        let root = Root::open(&dir.join(&prefix)).unwrap_or_else(|_| top.clone());
        let ways = Ways {
            tree: top.dir().to_owned(),
            work_trees: git.work_trees(),
            programs: environment::search_path(&policy.run, env),
        };
        let outputs = Outputs::new(trees.join("outputs").join(place_name(&[
            &policy.project,
            &prefix,
            &self.project.phase.id,
        ])));
        Ok(Tree {
            place,
            root,
            ways,
            made: Checkout::default(),
            prefix,
            git,
            outside: Vec::new(),
            carried: run.carried.clone(),
            outputs,
            used: true,
            name: format!("hook {}", self.name),
        })
    }

    fn no_tree(&self, why: &str) -> Failure {
        Failure::incomplete(format!("the tree of hook {} cannot be opened: {why}", self.name))
    }

    /// Whether what it starts goes on after it, so that its tree stays until its next run.
    fn deploys(&self) -> bool {
        let kind = self.step.produces.as_ref();
        let def = kind.and_then(|kind| self.project.phase.evidence.get(kind));
        self.step.takes_back() || def.is_some_and(|def| def.derive == Some(Derivation::Deployment))
    }

    /// A report is what the run writes, and no file of the release, nor of what was carried in.
    pub(super) fn no_report_yet(&self, tree: &Tree) -> Result<(), Failure> {
        let own = self.hook.reports.iter().map(|spec| spec.files());
        // A file that is kept may be one of the release: it is what the commit has.
        let written = own.filter(|(format, _)| *format != ReportFormat::File);
        let patterns = written.map(|(_, pattern)| pattern);
        match patterns.flat_map(|pattern| matching(&tree.root, pattern)).next() {
            None => Ok(()),
            Some(path) => Err(Failure::refused(format!(
                "hook {} declares the report {path}, which lies there before it has run: it is part of the release, or carried in",
                self.name
            ))
            .advise(Advice::edit(
                Location::key("d3p.yaml", "/hooks"),
                "a report is written by the run: take the file out of git or of run.carry, or correct `reports`",
            ))),
        }
    }

    /// Notes what words of the command line lead out of the tree; refuses those that lead into a
    /// work tree.
    pub(super) fn hold_arguments(&self, argv: &[String], tree: &mut Tree) -> Result<(), Failure> {
        let parts = argv
            .iter()
            .flat_map(|part| part.split([' ', '\t', '\n', '=', ':', '"', '\'', ';', ',']));
        let mut seen = BTreeSet::new();
        for word in
            parts.filter(|word| word.starts_with('/') || word.split('/').any(|part| part == ".."))
        {
            if !seen.insert(word) || word.starts_with("//") {
                continue;
            }
            match leads_out(Path::new(word), tree.root.dir(), &tree.ways) {
                Leads::Inside => {}
                Leads::WorkTree(_) => return Err(Failure::refused(format!(
                    "hook {} names {word}, which lies in a work tree of this repository: what lies there is not the release",
                    self.name
                ))
                .advise(Advice::edit(Location::key("d3p.yaml", "/hooks"), "name it relative to the project, so that the commit's own is used; what is not in the commit is declared in run.carry"))),
                Leads::Program(_) | Leads::Elsewhere(_) => tree.outside.push(format!("argument {word}")),
            }
        }
        Ok(())
    }

    /// Looks at what the hook changed and left, once its reports are copied.
    pub(super) fn after(&self, tree: &Tree, reports: &[String], redactor: &Redactor) -> After {
        let policy = &self.project.effective().policy.run;
        let carried: Vec<PathBuf> =
            policy.carry.iter().map(|own| Path::new(&tree.prefix).join(&own.path)).collect();
        let skip = |path: &Path| carried.iter().any(|own| path.starts_with(own));
        let Ok(found) = tree.git.changed_in(tree.ways.tree.as_path(), &skip) else {
            return After { changed: vec!["git could not be asked".to_owned()], left: Vec::new() };
        };
        let scratch: Vec<_> = policy.scratch.iter().filter_map(|pattern| glob(pattern)).collect();
        let mut out = After::default();
        for (path, named) in found {
            let own = path.strip_prefix(&tree.prefix).unwrap_or(&path);
            let text = own.to_string_lossy();
            let collected = reports.iter().any(|report| *report == text)
                || scratch.iter().any(|pattern| pattern.is_match(own));
            let shown = redactor.redact_text(&path.to_string_lossy());
            match named {
                true => out.changed.push(shown),
                false if !collected => out.left.push(shown),
                false => {}
            }
        }
        out
    }

    /// Leaves the tree; gives where it stays when something in it was collected nowhere.
    pub(super) fn leave(&self, mut tree: Tree, left: bool, passed: bool) -> Option<PathBuf> {
        tree.used = true;
        self.forget_secrets(&tree);
        let stays = tree.place.leave(left, self.deploys());
        if passed {
            // What cannot go now goes another time.
            let _ = tree.place.sweep();
        }
        (left || stays.is_err()).then(|| tree.ways.tree.clone())
    }
}

impl Tree {
    /// Where it lies.
    pub(super) fn dir(&self) -> &Path {
        &self.ways.tree
    }

    /// From here on nothing new in it is thrown away.
    pub(super) fn in_use(&mut self) {
        self.used = true;
    }

    /// Whether the commit has a file at or below `path`, of the project.
    pub(super) fn is_tracked(&self, path: &str) -> bool {
        let path = Path::new(&self.prefix).join(path);
        self.made.entries.iter().any(|entry| {
            entry.path.starts_with(&path)
                || path.starts_with(&entry.path) && entry.mode != Mode::Submodule
        })
    }

    /// The filter that would have to decode the commit's file at `path`.
    pub(super) fn filter_of(&self, path: &str) -> Option<&str> {
        let path = Path::new(&self.prefix).join(path);
        let mut filtered = self.made.filtered.iter();
        filtered.find(|(own, _)| *own == path).map(|(_, filter)| filter.as_str())
    }

    /// Refuses a link of the commit that leads into a work tree, or out of the tree by a way that
    /// depends on where it lies; notes the others.
    fn hold_links(&mut self) -> Result<(), Failure> {
        for entry in self.made.entries.iter().filter(|entry| entry.mode == Mode::Link) {
            let path = self.ways.tree.join(&entry.path);
            let from = path.parent().unwrap_or(&path);
            let shown = entry.path.display();
            let Some(target) = crate::tree::target_of(&path) else { continue };
            let (end, refused) = match leads_out(&target, from, &self.ways) {
                Leads::Inside => continue,
                Leads::WorkTree(end) => (end, true),
                Leads::Program(end) | Leads::Elsewhere(end) => {
                    let there = !target.is_absolute() && crate::tree::is_there(&end);
                    (end, there)
                }
            };
            if refused {
                return Err(Failure::refused(format!(
                    "the link {shown} of the release's commit leads out of its tree, to {}",
                    target.display()
                ))
                .advise(
                    Advice::d3p(["pin"]).what("put the file itself into git, then pin that commit"),
                ));
            }
            self.outside.push(format!("link {shown} to {}", end.display()));
        }
        let filtered = self.made.filtered.iter();
        self.outside.extend(filtered.map(|(path, filter)| {
            format!("{} as the commit holds it: the filter {filter} is not run", path.display())
        }));
        Ok(())
    }
}

fn no_place(error: PlaceError) -> Failure {
    Failure::incomplete(error.message).advise(elsewhere(error.help))
}

/// A name for what is kept for a project.
fn place_name(parts: &[&str]) -> String {
    let id = crate::model::Sha256Digest::of(parts.join("\0").as_bytes()).to_string();
    id[..16].to_owned()
}

/// The first of many paths, and how many more there are.
pub(super) fn first(mut paths: Vec<String>) -> Vec<String> {
    paths.sort();
    let more = paths.len().saturating_sub(MOST_NAMED);
    paths.truncate(MOST_NAMED);
    if more > 0 {
        paths.push(format!("and {more} more"));
    }
    paths
}
