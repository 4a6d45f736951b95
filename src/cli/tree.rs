//! Whether what is checked out is the release, and what to do where it is not.

use crate::assets;
use crate::cli::Failure;
use crate::cli::common::files;
use crate::collect::git::{Difference, Git, GitEnv, How, TreeState};
use crate::definition::Before;
use crate::env::Env;
use crate::model::{Advice, Finding, Location, Piece, State};
use crate::project::{Project, Release, is_own_path, is_report_path, short};
use crate::rules::{GL414, close};
use crate::source::{DEFAULT_LIMIT, Root, resolved};
use crate::text::FaultKind;
use crate::text::shell;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::Path;

/// What git makes of files; `d3p init` writes lines of its own into it.
const ATTRIBUTES: &str = ".gitattributes";

/// Most differences that are named one by one.
const MOST_NAMED: usize = 5;

/// Whether the work tree is the release; gives the observed commit when HEAD is another one.
/// `input` is a file that the command reads and that is no part of the release.
///
/// # Errors
/// A refusal that names what differs: evidence may only be collected from the release itself.
pub(super) fn tree_is_release(
    git: &Git,
    project: &Project,
    release: &Release,
    input: Option<&Path>,
) -> Result<Option<String>, Failure> {
    let state = tree_state(git, project, release, input)?;
    if state.is_release() {
        return Ok(state.observed(&release.commit).map(str::to_owned));
    }
    let mut failure = Failure::refused(format!(
        "this tree is not the release: {} {} from {} ({})",
        files(state.differences.len()),
        if state.differences.len() == 1 { "differs" } else { "differ" },
        release.version,
        short(&release.commit)
    ));
    for difference in state.differences.iter().take(MOST_NAMED) {
        failure = failure.note(format!("{} ({})", difference.path, difference.how.words()));
    }
    let ways = ways_out(&state.differences, &state.submodules, release);
    Err(ways.into_iter().fold(failure, Failure::advise))
}

/// The commands that make this tree the release, or a release of this tree.
fn ways_out(differences: &[Difference], submodules: &[String], release: &Release) -> Vec<Advice> {
    let mut out = Vec::new();
    let inside = |difference: &Difference| {
        submodules.iter().any(|own| Path::new(&difference.path).starts_with(own))
    };
    let tracked = differences
        .iter()
        .filter(|difference| difference.how != How::Untracked && !inside(difference));
    let paths: Vec<String> =
        tracked.take(MOST_NAMED).map(|difference| format!(":/{}", difference.path)).collect();
    if !paths.is_empty() {
        let from = short(&release.commit);
        out.push(
            Advice::run(["git", "restore", "--source", &from, "--staged", "--worktree", "--"])
                .words(paths)
                .what(
                    "to release what was judged, put it back, and commit where that changes HEAD",
                ),
        );
    }
    if !submodules.is_empty() {
        out.push(
            Advice::run(["git", "submodule", "update", "--init", "--recursive", "--force", "--"])
                .words(submodules.iter().map(|own| format!(":/{own}")))
                .what("put submodules back"),
        );
    }
    out.extend(shown_again(differences, submodules));
    if differences.iter().any(|difference| difference.how == How::Untracked) {
        out.push(Advice::answer("remove what is untracked, or let git ignore it"));
    }
    out.push(
        close("superseded")
            .what("to release what lies here, commit it and close this attempt")
            .or(Advice::d3p(["init", "--release", &release.version])
                .what("then begin the next one")),
    );
    out
}

/// The commands, for the repository's top directory, after which git looks at what was hidden from it.
fn shown_again(differences: &[Difference], submodules: &[String]) -> Option<Advice> {
    let mut hidden = differences.iter().filter(|difference| difference.how == How::Hidden);
    let path = &hidden.next()?.path;
    // The innermost, where one lies in another.
    let inside = submodules.iter().filter(|own| Path::new(path).starts_with(own)).max();
    let (git, path) = match inside {
        Some(own) => (format!("git -C {}", shell::word(own)), &path[own.len() + 1..]),
        None => ("git".to_owned(), path.as_str()),
    };
    let path = shell::word(path);
    let more = if hidden.next().is_some() { "; the others likewise" } else { "" };
    Some(Advice::answer(format!(
        "to let git look at what is hidden, in the top directory: {git} update-index --no-assume-unchanged -- {path} && {git} update-index --no-skip-worktree -- {path}{more}"
    )))
}

/// What keeps HEAD from being the release that `step` launches; nothing for steps that need no
/// approval. No file of the work tree is looked at, so that no filter of this clone can run.
pub(super) fn of_another_commit(
    step: &str,
    root: &Root,
    project: &Project,
    env: &Env<'_>,
) -> Vec<Finding> {
    let asks = |before: &Before| matches!(before, Before::Approval(_));
    let launches = project.phase.steps.get(step).is_some_and(|step| step.before.iter().any(asks));
    let (true, Some(release)) = (launches, project.release()) else { return Vec::new() };
    let finding = |path: &str, message: String, advice: Option<Advice>| {
        let finding =
            Finding::new(&GL414, Piece::File(path.to_owned()), Location::file(path), message)
                .state(State::Invalid);
        advice.into_iter().fold(finding, Finding::advise)
    };
    let vars = GitEnv::from_vars(env.vars.iter().cloned());
    let compared = Git::open(root.dir(), &vars).and_then(|git| {
        let Scope { sources, is_own } = Scope::of(&git, project, &release, None);
        let differences = git.committed_since(&release.commit, &is_own, &sources)?;
        Ok((git.prefix().to_owned(), differences))
    });
    match compared {
        Ok((prefix, differences)) => {
            let advice = Advice::any(ways_out(&differences, &[], &release));
            let told = differences.iter().take(MOST_NAMED).map(|difference| {
                let message = format!(
                    "HEAD has another {} than the approved commit {}",
                    difference.path,
                    short(&release.commit)
                );
                let path = inside(&prefix, &difference.path).unwrap_or(&difference.path);
                finding(path, message, advice.clone())
            });
            told.collect()
        }
        Err(error) => {
            let message =
                format!("whether HEAD is the release cannot be told: {}", error.message());
            vec![finding(".git", message, Some(error.advice()))]
        }
    }
}

/// What differs between the work tree and the release.
pub(super) fn tree_state(
    git: &Git,
    project: &Project,
    release: &Release,
    input: Option<&Path>,
) -> Result<TreeState, Failure> {
    let prefix = git.prefix().to_owned();
    let Scope { sources, is_own } = Scope::of(git, project, release, input);
    let mut state = git.tree_of_release(&release.commit, &is_own, &sources)?;
    // Reports that a hook declares to write may lie there, and artifacts that the manifest pins by
    // digest; a tracked file never is one.
    state.differences.retain(|difference| {
        let path = inside(&prefix, &difference.path);
        let made = |path: &str| {
            is_report_path(project, path) || release.artifact_files.iter().any(|file| file == path)
        };
        difference.how != How::Untracked || !path.is_some_and(made)
    });
    Ok(state)
}

/// The project's path of a path of the repository, when it lies in the project.
fn inside<'a>(prefix: &str, path: &'a str) -> Option<&'a str> {
    match prefix {
        "" => Some(path),
        prefix => path.strip_prefix(prefix)?.strip_prefix('/'),
    }
}

fn join(prefix: &str, source: &str) -> String {
    match (prefix, source) {
        ("", source) => source.to_owned(),
        (prefix, ".") => prefix.to_owned(),
        (prefix, source) => format!("{prefix}/{source}"),
    }
}

/// Whether `.gitattributes`, in HEAD and on disk, says what it says in `commit`, but for the lines
/// that `d3p init` writes: any other line changes what git makes of the files of the release.
fn only_own_lines(git: &Git, commit: &str) -> bool {
    let own = assets::template("gitattributes").unwrap_or_default();
    let own: BTreeSet<Vec<&str>> = own.lines().map(words).collect();
    let others = |text: &[u8]| -> Vec<String> {
        let text = String::from_utf8_lossy(text);
        let lines = text.lines().map(words).filter(|line| {
            !own.contains(line) && line.first().is_some_and(|word| !word.starts_with('#'))
        });
        lines.map(|line| line.join(" ")).collect()
    };
    let approved = git.blob(commit, ATTRIBUTES).map(Option::unwrap_or_default);
    let head = git.head().and_then(|head| git.blob(&head.commit, ATTRIBUTES));
    let (Ok(approved), Ok(head)) = (approved, head) else { return false };
    let root = Root::open(&git.toplevel().join(git.prefix()));
    let disk = match root.map(|root| root.bytes(ATTRIBUTES, DEFAULT_LIMIT)) {
        Ok(Ok(text)) => text,
        // Where the file is taken away, git falls back to its index.
        Ok(Err(fault)) if fault.kind == FaultKind::Absent && head.is_none() => Vec::new(),
        _ => return false,
    };
    let approved = others(&approved);
    [head.unwrap_or_default(), disk].iter().all(|text| others(text) == approved)
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

/// Which paths of the repository are the release.
struct Scope<F> {
    /// Directories that count.
    sources: Vec<String>,
    /// Whether d3p itself, or whoever calls it, writes a path.
    is_own: F,
}

impl Scope<()> {
    fn of<'a>(
        git: &'a Git,
        project: &'a Project,
        release: &'a Release,
        input: Option<&Path>,
    ) -> Scope<impl Fn(&str) -> bool + use<'a>> {
        let prefix = git.prefix();
        let input = input.and_then(resolved);
        let attributes = OnceCell::new();
        let is_own = move |path: &str| {
            inside(prefix, path).is_some_and(|path| match path {
                ATTRIBUTES => *attributes.get_or_init(|| only_own_lines(git, &release.commit)),
                path => is_own_path(project, path),
            }) || input.as_ref().is_some_and(|input| *input == git.toplevel().join(path))
        };
        let named = project.effective().policy.sources.iter().map(|source| join(prefix, source));
        let whole = if prefix.is_empty() { ".".to_owned() } else { prefix.to_owned() };
        Scope { sources: named.chain([whole]).collect(), is_own }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_shown_again_where_it_lies() {
        let hidden = |path: &str| Difference { path: path.to_owned(), how: How::Hidden };
        let told = |paths: &[&str], submodules: &[&str]| {
            let submodules: Vec<String> = submodules.iter().map(|own| (*own).to_owned()).collect();
            let differences: Vec<Difference> = paths.iter().map(|path| hidden(path)).collect();
            shown_again(&differences, &submodules).map_or(String::new(), |advice| advice.what)
        };
        assert_eq!(told(&[], &[]), "");
        assert!(told(&["a b"], &[]).ends_with("git update-index --no-skip-worktree -- 'a b'"));
        let inner = told(&["lib/x/f", "g"], &["lib", "lib/x"]);
        assert!(
            inner.contains("git -C lib/x update-index --no-assume-unchanged -- f &&"),
            "{inner}"
        );
        assert!(inner.ends_with("; the others likewise"), "{inner}");
    }
}
