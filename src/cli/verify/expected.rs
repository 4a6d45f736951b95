//! What the verifier expected of a release, and what lies here instead.

use crate::cli::args::{Outcome, VerifyArgs};
use crate::model::{Advice, Finding, Location, Piece, State};
use crate::project::Project;
use crate::rules::{GL911, GL921, restore};
use crate::source::Root;

/// What the verifier expected, and what lies here instead.
pub(super) fn unexpected(root: &Root, project: &Project, args: &VerifyArgs) -> Vec<Finding> {
    let release = project.release();
    let path =
        project.phase.identity().map_or(project.places().directory(), |(_, def)| def.path.as_str());
    let kind = project.phase.identity().map_or(String::new(), |(kind, _)| kind.to_owned());
    let mut out = Vec::new();
    let mut differs = |pointer: &str, what: &str, wanted: &str, found: Option<&str>| {
        if found != Some(wanted) {
            let message = format!("expected {what} {wanted}, found {}", found.unwrap_or("none"));
            let place = Location::pointer(path, pointer);
            out.push(
                Finding::new(&GL911, Piece::Evidence(kind.clone()), place, message)
                    .state(State::Invalid),
            );
        }
    };
    if let Some(wanted) = &args.release {
        differs(
            "/release",
            "release",
            wanted,
            release.as_ref().map(|release| release.version.as_str()),
        );
    }
    if let Some(wanted) = &args.commit {
        differs(
            "/commit",
            "commit",
            wanted,
            release.as_ref().map(|release| release.commit.as_str()),
        );
    }
    for wanted in &args.artifacts {
        let digest = wanted.strip_prefix("sha256:").unwrap_or(wanted);
        let known = release.as_ref().map(|release| &release.artifacts);
        let found = known.into_iter().flatten().find(|(_, sha256)| sha256 == digest);
        differs("/artifacts", "artifact", digest, found.map(|(_, sha256)| sha256.as_str()));
    }
    ended_otherwise(project, args, &mut out);
    out.extend(never_closed(root, project));
    out
}

/// What lies among the closed releases, or was packed there, and no line of its ledger closes: the end of that was cut off.
fn never_closed(root: &Root, project: &Project) -> Option<Finding> {
    let places = project.places();
    let lies_there = root.dir().parent().is_some_and(|own| own.ends_with(places.archives()));
    // Only what is closed has its contents written down, also where it was packed since.
    let has_contents = project.listing.contains(places.contents());
    if project.closed().is_some() || !(lies_there || has_contents) {
        return None;
    }
    let message = "this is a closed release, and no line of its ledger closes it";
    let place = Location::file(project.places().ledger());
    let finding = Finding::new(&GL921, Piece::Ledger, place, message);
    Some(finding.state(State::Missing).advise(restore()))
}

/// As what it was closed, where the verifier expected another end. One that is open can still be taken
/// back, whatever its gates say.
fn ended_otherwise(project: &Project, args: &VerifyArgs, out: &mut Vec<Finding>) {
    let Some(wanted) = args.expect.map(Outcome::closing) else { return };
    let closed = project.closed().and_then(|line| line.entry.closed);
    if closed == Some(wanted) {
        return;
    }
    let found = closed.map_or("it is not closed".to_owned(), |closed| {
        format!("it was closed as {}", closed.word())
    });
    let message = format!("expected a release that was {}, and {found}", wanted.word());
    let place = Location::file(project.places().ledger());
    let finding = Finding::new(&GL911, Piece::Ledger, place, message).state(State::Invalid);
    out.push(match closed {
        Some(_) => finding,
        None => finding.advise(Advice::d3p(["archive"]).what("close it")),
    });
}
