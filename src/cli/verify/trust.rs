//! What a verifier brings along: policy and signers from outside the tree, and a head they kept.

use crate::cli::Failure;
use crate::cli::args::AnchorArgs;
use crate::cli::common::{Global, git, open_root};
use crate::collect::git::Git;
use crate::definition::{Change, Direction};
use crate::env::Env;
use crate::model::{Advice, Finding, Location, Piece, Sha256Digest, Stamp, State};
use crate::project::Project;
use crate::rules::{GL913, GL914, GL916, restore};
use crate::sign::{AllowedSigners, SIGNERS_PATH};
use crate::source::{
    DEFAULT_LIMIT, Loaded, OutsidePolicy, PROJECT_FILE, Root, load_given, outside_policy,
};

/// What was given from outside, and what of this tree disagrees with it.
#[derive(Debug, Default)]
pub(in crate::cli) struct Trust {
    /// Whether policy and signers are those of a commit named by its full id, or of a digest.
    pub(in crate::cli) pinned: bool,
    /// In words, for the first line; `None` when nothing was given.
    pub(in crate::cli) root: Option<String>,
    /// What disagrees.
    pub(in crate::cli) findings: Vec<Finding>,
}

/// Puts the signers from outside in the place of the tree's, before anything is judged, and
/// compares the policy.
///
/// # Errors
/// When what was given cannot be read.
pub(in crate::cli) fn apply(
    args: &AnchorArgs,
    root: &Root,
    project: &mut Project,
    global: &Global,
    env: &Env<'_>,
) -> Result<Trust, Failure> {
    let mut trust = Trust::default();
    if let Some(commit) = &args.policy_commit {
        policy_commit(commit, root, project, &mut trust, env)?;
    }
    if let Some(given) = &args.trust_root {
        trust_root(given, project, &mut trust, global)?;
    }
    if let Some(head) = &args.expect_head {
        expect_head(head, project, &mut trust, (env.now)())?;
    }
    Ok(trust)
}

/// Looks for the line that somebody kept. With the time at which they had it, everything that the
/// line leads back to was there at that time: an outside time for the signatures among it.
fn expect_head(
    given: &str,
    project: &mut Project,
    trust: &mut Trust,
    now: Stamp,
) -> Result<(), Failure> {
    let (head, time) = match given.split_once('@') {
        Some((head, time)) => (head, Some(time)),
        None => (given, None),
    };
    let digest = head.strip_prefix("sha256:").unwrap_or(head);
    let wrong = |why: String| Failure::usage(format!("--expect-head {given}: {why}"));
    if Sha256Digest::parse(digest).is_none() {
        return Err(wrong("not sha256: and 64 hexadecimal digits".to_owned()));
    }
    let time = time.map(Stamp::parse).transpose().map_err(|error| wrong(error.to_string()))?;
    if time.is_some_and(|time| time > now) {
        return Err(wrong("its time lies in the future".to_owned()));
    }
    let Some(line) = project.ledger.line(digest) else {
        // What was kept of an attempt before says nothing about the time of this one.
        if project.leads_back_to(digest) {
            return Ok(());
        }
        let message = format!("the ledger has no line with the digest {digest}");
        trust.findings.push(
            Finding::new(&GL914, Piece::Ledger, Location::file(project.places().ledger()), message)
                .state(State::Invalid)
                .advise(
                    restore().or(Advice::answer("get the ledger back from a bundle of that time")),
                ),
        );
        return Ok(());
    };
    if let Some(time) = time.filter(|time| line.at > time.plus(project.effective().policy.skew)) {
        let message = format!(
            "the line says that it was written {}, after the {time} at which it was kept",
            line.at
        );
        trust.findings.push(
            Finding::new(&GL914, Piece::Ledger, Location::span(project.places().ledger(), line.range.clone()), message)
                .state(State::Invalid)
                .advise(Advice::answer("give the time that was noted with the head; if this is it, the ledger's times are made up")),
        );
        return Ok(());
    }
    if let Some(time) = time {
        let known = project.history([digest]);
        let lines = project
            .ledger
            .lines
            .iter()
            .filter(|line| project.lineage().holds(&known, &line.digest));
        let told = lines.flat_map(|line| line.entry.named());
        project.kept =
            told.filter_map(|digest| Some((Sha256Digest::parse(digest)?, time))).collect();
    }
    Ok(())
}

/// Reads policy and signers of `REV` or `REV:PLACE`, the project's directory there.
fn policy_commit(
    given: &str,
    root: &Root,
    project: &mut Project,
    trust: &mut Trust,
    env: &Env<'_>,
) -> Result<(), Failure> {
    // An archive is judged by the policy of the project that it is an archive of. The git is the
    // verifier's own, not one that the policy names.
    let git = match archive_of(root, project) {
        Some(dir) => git(&open_root(&dir)?, env)?,
        None => git(root, env)?,
    };
    let (commit, place) = match given.split_once(':') {
        Some((commit, place)) => (commit, Some(place.trim_matches('/'))),
        None => (given, None),
    };
    let full = matches!(commit.len(), 40 | 64) && commit.bytes().all(|b| b.is_ascii_hexdigit());
    let id = if full {
        commit.to_ascii_lowercase()
    } else {
        git.commit_of(commit)?.ok_or_else(|| {
            Failure::incomplete(format!("--policy-commit {commit}: no such commit here"))
        })?
    };
    let git = match place {
        Some(place) => git.at(if place == "." { "" } else { place }),
        None => only_place(git, commit, &id)?,
    };
    let read = |path: &str| git.proven_blob(&id, path);
    let outside = outside_policy(&project.phase, &mut |path| {
        read(path).map_err(|error| error.to_string().into())
    })
    .map_err(|why| Failure::incomplete(format!("--policy-commit {commit}: {why}")))?;
    trust.findings.extend(looser(&outside, project));
    let dir = match git.prefix() {
        "" => String::new(),
        prefix => format!(" in {prefix}/"),
    };
    let name = format!("the policy and the signers of commit {id}{dir}");
    take_signers(outside.signers, &name, project, trust);
    trust.pinned = full;
    trust.root = Some(if full {
        format!("TRUST ROOT: {name}")
    } else {
        format!(
            "TRUST ROOT, MOVABLE: {name}, which `{commit}` names in this clone today; whoever may write here can move that name. Give the full id"
        )
    });
    Ok(())
}

/// The repository, if the commit has one project on the way to this one only.
fn only_place(git: Git, commit: &str, id: &str) -> Result<Git, Failure> {
    let Some(other) = git.other_places(id, PROJECT_FILE)?.into_iter().next() else {
        return Ok(git);
    };
    let dir = |place: &str| if place.is_empty() { ".".to_owned() } else { place.to_owned() };
    let (here, other) = (dir(git.prefix()), dir(&other));
    Err(Failure::incomplete(format!(
        "--policy-commit {commit}: this project could be {here} or {other} of that commit, and only files that anybody may write say which"
    ))
    .note(format!("say which: --policy-commit {commit}:{here}, or {commit}:{other}")))
}

/// What of this tree's policy is looser than the one from outside.
fn looser(outside: &OutsidePolicy, project: &Project) -> Vec<Finding> {
    let shown = |value: &Option<serde_json::Value>| {
        value.as_ref().map_or("nothing".to_owned(), ToString::to_string)
    };
    let finding = |change: &Change| {
        let message = format!(
            "`{}` is {} there and {} here",
            change.pointer.trim_start_matches('/').replace('/', "."),
            shown(&change.was),
            shown(&change.now)
        );
        let place = Location::pointer("d3p.yaml", change.pointer.clone());
        Finding::new(&GL916, Piece::Policy, place, message).advise(Advice::answer(
            "release under the reviewed policy, or have the loosening reviewed first",
        ))
    };
    let changes = outside.compare(project);
    changes.iter().filter(|change| change.direction == Direction::Looser).map(finding).collect()
}

/// The directory of the project whose archive lies at `root`.
fn archive_of(root: &Root, project: &Project) -> Option<std::path::PathBuf> {
    let releases = root.dir().parent()?;
    releases
        .ends_with(project.places().archives())
        .then(|| releases.parent()?.parent().map(Into::into))?
}

fn trust_root(
    given: &str,
    project: &mut Project,
    trust: &mut Trust,
    global: &Global,
) -> Result<(), Failure> {
    if let Some(digest) = given.strip_prefix("sha256:") {
        return pinned_digest(given, digest, project, trust);
    }
    let file = match load_given(&global.directory.join(given), DEFAULT_LIMIT) {
        Loaded::File(file) => file,
        Loaded::Faulty { fault, .. } => {
            return Err(Failure::incomplete(format!("--trust-root {given}: {}", fault.message)));
        }
    };
    let signers = AllowedSigners::parse(&file.text);
    if let (true, Some(fault)) = (signers.lines.is_empty(), signers.faults.first()) {
        return Err(Failure::incomplete(format!(
            "--trust-root {given}: no line of it names a signer; line {}: {}",
            fault.line, fault.message
        ))
        .note(format!(
            "name an allowed_signers file, as {SIGNERS_PATH} is; a policy is given by --policy-commit SHA, or by its digest"
        )));
    }
    let name = format!("the signers of {given}");
    take_signers(Some(signers), &name, project, trust);
    trust.root.get_or_insert(format!("TRUST ROOT: {name}; the policy is this tree's own"));
    Ok(())
}

/// Holds policy or signers against a digest that somebody kept.
fn pinned_digest(
    given: &str,
    digest: &str,
    project: &mut Project,
    trust: &mut Trust,
) -> Result<(), Failure> {
    let wanted = Sha256Digest::parse(digest).ok_or_else(|| {
        Failure::usage(format!("--trust-root {given}: not 64 hexadecimal digits"))
    })?;
    let signers = project.signers.as_ref().map(|signers| signers.digest);
    let named = project.effective().basis.get("signers").and_then(serde_json::Value::as_str);
    let own = signers.map(|digest| digest.to_string());
    let policy = project.effective().digest;
    // The digest of the policy pins the signers, which it names by theirs.
    let phase =
        project.effective().basis.pointer("/phase/sha256").and_then(serde_json::Value::as_str);
    let phase = phase == Some(project.phase.digest.to_string().as_str());
    if wanted == policy && named == own.as_deref() && phase {
        trust.pinned = true;
        trust.root.get_or_insert(format!(
            "TRUST ROOT: the policy with the digest {wanted}, and the signers that it names"
        ));
        return Ok(());
    }
    if signers != Some(wanted) {
        let found = own.unwrap_or_else(|| "nothing".to_owned());
        differs(
            trust,
            format!("expected the digest {wanted}; the signers have {found}, the policy {policy}"),
        );
        // Signers that are not the expected ones vouch for nobody.
        project.signers = None;
    }
    trust.root.get_or_insert(format!(
        "TRUST ROOT: the signers with the digest {wanted}; the policy is this tree's own"
    ));
    Ok(())
}

/// Lets only the signers from outside vouch; says so when the tree's are others.
fn take_signers(
    outside: Option<AllowedSigners>,
    name: &str,
    project: &mut Project,
    trust: &mut Trust,
) {
    let digest = |signers: &Option<AllowedSigners>| signers.as_ref().map(|signers| signers.digest);
    if digest(&outside) != digest(&project.signers) {
        differs(trust, format!("{SIGNERS_PATH} of this tree differs from {name}"));
    }
    project.signers = outside;
}

fn differs(trust: &mut Trust, message: String) {
    trust.findings.push(
        Finding::new(&GL913, Piece::Policy, Location::file(SIGNERS_PATH), message)
            .state(State::Invalid)
            .advise(Advice::answer(
                "have the change of the signers reviewed, and verify with the new root",
            )),
    );
}
