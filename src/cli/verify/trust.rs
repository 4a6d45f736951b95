//! What a verifier brings along: policy and signers from outside the tree, and a head they kept.

use crate::cli::Failure;
use crate::cli::args::{AssuranceArg, VerifyArgs};
use crate::cli::common::{Global, git};
use crate::definition::Direction;
use crate::env::Env;
use crate::model::{Finding, Location, Piece, Sha256Digest, Stamp, State};
use crate::project::Project;
use crate::record::LEDGER_PATH;
use crate::rules::{GL913, GL914, GL915, GL916, decisions, signatures_on, signer};
use crate::sign::{AllowedSigners, SIGNERS_PATH};
use crate::source::{DEFAULT_LIMIT, Loaded, Root, load_given, outside_policy};

/// What was given from outside, and what of this tree disagrees with it.
#[derive(Debug, Default)]
pub(super) struct Trust {
    /// Whether policy and signers are those of a commit named by its full id.
    pub(super) pinned: bool,
    /// In words, for the first line; `None` when nothing was given.
    pub(super) root: Option<String>,
    /// What disagrees.
    pub(super) findings: Vec<Finding>,
}

/// Puts the signers from outside in the place of the tree's, before anything is judged, and
/// compares the policy.
///
/// # Errors
/// When what was given cannot be read.
pub(super) fn apply(
    args: &VerifyArgs,
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
        let digest = head.strip_prefix("sha256:").unwrap_or(head);
        if Sha256Digest::parse(digest).is_none() {
            return Err(Failure::incomplete(format!(
                "--expect-head {head}: not sha256: and 64 hexadecimal digits"
            )));
        }
        if project.ledger.line(digest).is_none() {
            let message = format!("the ledger has no line with the digest {digest}");
            trust.findings.push(
                Finding::new(&GL914, Piece::Ledger, Location::file(LEDGER_PATH), message)
                    .state(State::Invalid),
            );
        }
    }
    Ok(trust)
}

fn policy_commit(
    commit: &str,
    root: &Root,
    project: &mut Project,
    trust: &mut Trust,
    env: &Env<'_>,
) -> Result<(), Failure> {
    // The verifier's own git, not one that the policy names.
    let git = git(root, env)?;
    let full = matches!(commit.len(), 40 | 64) && commit.bytes().all(|b| b.is_ascii_hexdigit());
    let id = if full {
        commit.to_owned()
    } else {
        git.commit_of(commit)?.ok_or_else(|| {
            Failure::incomplete(format!("--policy-commit {commit}: no such commit here"))
        })?
    };
    let read = |path: &str| git.proven_blob(&id, path);
    let outside =
        outside_policy(&project.phase, &mut |path| read(path).map_err(|error| error.to_string()))
            .map_err(|why| Failure::incomplete(format!("--policy-commit {commit}: {why}")))?;
    for change in outside.compare(project) {
        if change.direction != Direction::Looser {
            continue;
        }
        let shown = |value: &Option<serde_json::Value>| {
            value.as_ref().map_or("nothing".to_owned(), ToString::to_string)
        };
        let message = format!(
            "`{}` is {} there and {} here",
            change.pointer.trim_start_matches('/').replace('/', "."),
            shown(&change.was),
            shown(&change.now)
        );
        let place = Location::pointer("d3p.yaml", change.pointer.clone());
        trust.findings.push(
            Finding::new(&GL916, Piece::Policy, place, message)
                .help("release under the reviewed policy, or have the loosening reviewed first"),
        );
    }
    let name = format!("the policy and the signers of commit {id}");
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

fn trust_root(
    given: &str,
    project: &mut Project,
    trust: &mut Trust,
    global: &Global,
) -> Result<(), Failure> {
    if let Some(digest) = given.strip_prefix("sha256:") {
        let wanted = Sha256Digest::parse(digest).ok_or_else(|| {
            Failure::incomplete(format!("--trust-root {given}: not 64 hexadecimal digits"))
        })?;
        let found = project.signers.as_ref().map(|signers| signers.digest);
        if found != Some(wanted) {
            let found = found.map_or("nothing".to_owned(), |digest| digest.to_string());
            differs(trust, format!("expected the digest {wanted}, found {found}"));
            // Signers that are not the expected ones vouch for nobody.
            project.signers = None;
        }
        trust.root.get_or_insert(format!(
            "TRUST ROOT: the signers with the digest {wanted}; the policy is this tree's own"
        ));
        return Ok(());
    }
    let file = match load_given(&global.directory.join(given), DEFAULT_LIMIT) {
        Loaded::File(file) => file,
        Loaded::Faulty { fault, .. } => {
            return Err(Failure::incomplete(format!("--trust-root {given}: {}", fault.message)));
        }
    };
    let name = format!("the signers of {given}");
    take_signers(Some(AllowedSigners::parse(&file.text)), &name, project, trust);
    trust.root.get_or_insert(format!("TRUST ROOT: {name}; the policy is this tree's own"));
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
            .help("have the change of the signers reviewed, and verify with the new root"),
    );
}

/// What the approval is worth, and why in one sentence.
pub(super) fn level(project: &Project, trust: &Trust, now: Stamp) -> (AssuranceArg, &'static str) {
    if !signatures_on(project) {
        return (AssuranceArg::L0, "typed: nothing proves who decided");
    }
    let all = decisions(project);
    let go: Vec<_> = all.iter().filter(|decision| decision.is_go()).collect();
    let signers: Vec<_> =
        go.iter().map(|decision| signer(project, decision, now, project.launched_at())).collect();
    if signers.is_empty() || signers.iter().any(Result::is_err) {
        return (AssuranceArg::L0, "not signed by anybody who counts");
    }
    let signers: Vec<_> = signers.into_iter().flatten().collect();
    if signers.iter().any(|signer| signer.expired.is_some()) {
        return (
            AssuranceArg::L1,
            "signed with a key that counts no longer: only the files say that it was in time",
        );
    }
    if !trust.pinned || !trust.findings.is_empty() {
        return (
            AssuranceArg::L1,
            "signed by signers of this tree: whoever may write the tree may have added one",
        );
    }
    if signers.iter().all(|signer| signer.presence.is_some_and(|presence| presence.touched)) {
        return (
            AssuranceArg::L3,
            "signed with a touch of hardware, by signers of a policy from outside this tree",
        );
    }
    (AssuranceArg::L2, "signed by signers of a policy from outside this tree")
}

/// A finding when the level is lower than demanded.
pub(super) fn too_low(
    wanted: Option<AssuranceArg>,
    level: (AssuranceArg, &'static str),
    project: &Project,
) -> Option<Finding> {
    let wanted = wanted.filter(|wanted| level.0 < *wanted)?;
    let (kind, def) = crate::cli::record::approval_def(project).ok()?;
    let message = format!("the approval is {:?}, and {wanted:?} is demanded: {}", level.0, level.1);
    Some(
        Finding::new(&GL915, Piece::Evidence(kind.to_owned()), Location::file(&def.path), message)
            .state(State::Invalid)
            .help("give the trust root: --policy-commit SHA; or have it signed as demanded"),
    )
}
