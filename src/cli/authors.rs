//! Who wrote a release: asked of git at the first gate, and again where a launch is cleared.
//!
//! It is counted from the last release that was launched, as its archive says, and never from what
//! the manifest names. Only where the policy wants separation is anything asked.

use crate::cli::common::Opened;
use crate::collect::git::GitError;
use crate::decisions::{authorship, go_of_last_launch, separation_wanted};
use crate::env::Env;
use crate::model::{Advice, Finding, Location, Piece, Stamp, State};
use crate::project::{LastLaunch, Project};
use crate::record::Authorship;
use crate::rules::{GL532, refreeze};

/// Who wrote the release, as git says now; `None` where nobody wants to know. What git cannot say is
/// said, too.
pub(super) fn asked(git: &Opened, project: &Project, env: &Env<'_>) -> Option<Authorship> {
    let release = project.release().filter(|_| separation_wanted(project))?;
    let Some(last) = &project.last_launch else {
        // A release before which none was launched: there is nothing to count from.
        return Some(Authorship { commit: release.commit, ..Authorship::default() });
    };
    let mut own = Authorship {
        commit: release.commit.clone(),
        since: Some(last.release.name()),
        from: Some(last.release.commit.clone()),
        doubts: doubts(project, last, (env.now)()),
        ..Authorship::default()
    };
    let seconds = last.launched_at.timestamp().as_second();
    let found = git
        .as_ref()
        .map_err(GitError::clone)
        .and_then(|git| git.authors(&last.release.commit, seconds, &release.commit));
    match found {
        Ok(found) => {
            own.commits = found.commits;
            own.signed = found.signed;
            own.persons = found.persons.into_iter().collect();
            own.doubts.extend(found.cut);
        }
        Err(error) => own.doubts.push(error.message()),
    }
    Some(own)
}

/// Why it may be counted from another release than the one that runs.
fn doubts(project: &Project, last: &LastLaunch, now: Stamp) -> Vec<String> {
    let mut out = Vec::new();
    if let Err(why) = go_of_last_launch(project, last, now) {
        out.push(format!("authors are counted from {}, and {why}", last.release.name()));
    }
    if let Some(follows) =
        project.previous_release().filter(|follows| *follows != last.release.version)
    {
        out.push(format!(
            "the manifest follows {follows}, and the last release that was launched is {}",
            last.release.name()
        ));
    }
    out
}

/// What git says now of who wrote the release that the first gate was not told; nothing where nobody
/// wants to know.
pub(super) fn differ(now: Option<&Authorship>, project: &Project) -> Vec<Finding> {
    let Some(now) = now else { return Vec::new() };
    let finding = |message: String, advice: Advice| {
        let place = Location::file(project.places().ledger());
        vec![
            Finding::new(&GL532, Piece::Ledger, place, message).state(State::Failed).advise(advice),
        ]
    };
    let Some(then) = authorship(project) else {
        let message = "the first gate was passed without asking git who wrote the release";
        return finding(message.to_owned(), refreeze(project));
    };
    if (&then.commit, &then.from) != (&now.commit, &now.from) {
        let from = |own: &Authorship| own.since.clone().unwrap_or_else(|| "the beginning".into());
        let message = format!(
            "who wrote the release was counted from {} when the first gate was passed, and is from {} now",
            from(then),
            from(now)
        );
        return finding(message, refreeze(project));
    }
    if let Some(why) = now.doubts.iter().find(|why| !then.doubts.contains(why)) {
        let message = format!("who wrote the release cannot be told here: {why}");
        let whole = Advice::run(["git", "fetch", "--unshallow"])
            .what("fetch the whole history (in CI: `fetch-depth: 0`)");
        return finding(message, whole.or(refreeze(project)));
    }
    let news: Vec<&str> =
        now.persons.iter().filter(|own| !then.persons.contains(own)).map(String::as_str).collect();
    if news.is_empty() {
        return Vec::new();
    }
    let message =
        format!("git names authors that the first gate was not told: {}", news.join(", "));
    finding(message, refreeze(project))
}
