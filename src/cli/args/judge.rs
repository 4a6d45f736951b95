//! Arguments of the commands that judge: `check`, `gate`, `diff`, `verify`; and what a verifier brings along.

use super::keep::Outcome;
use crate::model::{Assurance, Reason};
use clap::Args;
use std::path::PathBuf;

#[derive(Args, Debug, Default)]
#[command(after_help = "\
Examples:
  d3p check
  d3p check d3p/PHASE/DOCUMENT.md
  d3p check --through 2
  d3p check --through 1 d3p/PHASE
  d3p check -r services        every release below a directory, a line each
  d3p check --before STEP      for the CI job that holds the deploy credential
  d3p check --before STEP --policy-commit 3f2c… --min-assurance L2")]
pub(in crate::cli) struct CheckArgs {
    /// Every release that is open below these directories, or lies in an archive there
    #[arg(short = 'r', long, conflicts_with = "before")]
    pub(in crate::cli) recursive: bool,
    /// Only these files or directories
    #[arg(value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Ask for everything that is due up to this gate
    #[arg(long, value_name = "GATE", conflicts_with = "before")]
    pub(in crate::cli) through: Option<String>,
    /// Ask whether this step may be taken now
    #[arg(long, value_name = "STEP", conflicts_with = "paths")]
    pub(in crate::cli) before: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) anchors: AnchorArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p gate 1                 or by its id: d3p gate GATE
  d3p gate 3 --dry-run       the verdict and exit code, nothing written")]
pub(in crate::cli) struct GateArgs {
    /// Gate: its id, or its number
    #[arg(value_name = "GATE")]
    pub(in crate::cli) gate: String,
    /// Show the verdict and write nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    /// Take the edited d3p.yaml into this release (first gate, before launch)
    #[arg(long)]
    pub(in crate::cli) refreeze: bool,
    /// Sign as a machine of d3p.yaml, with this private key (PEM); else D3P_SIGNING_KEY, the key
    /// itself, or D3P_SIGNING_KEY_FILE, its path, where they are set
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) sign_key: Option<PathBuf>,
    /// Write what the gate's record says to FILE, for an action that signs it as a job of the forge
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub(in crate::cli) predicate_out: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p diff
  d3p diff 1")]
pub(in crate::cli) struct DiffArgs {
    /// Only this gate
    #[arg(value_name = "GATE")]
    pub(in crate::cli) gate: Option<String>,
}

#[derive(Args, Debug, Default)]
#[command(after_help = "\
Examples:
  d3p verify
  d3p verify .artifacts/releases/v1.4.0+1
  d3p verify --through 2
  d3p verify --raw ~/ci-logs          logs that are too large for git
  d3p verify --release v1.4.0 --commit 3f2c… --artifact sha256:9b1d…
  d3p verify --expect completed       a release that was rolled back is refused
  d3p verify --policy-commit 3f2c… --min-assurance L2 --expect-head sha256:…
  d3p verify -r .                     all archives, and what is open: a line each
  d3p verify release.tar.gz           what d3p bundle create packed
  d3p -C CLONE verify /tmp/release.tar.gz --policy-commit 3f2c…")]
pub(in crate::cli) struct VerifyArgs {
    /// Every release that is open below these directories, or lies in an archive there
    #[arg(short = 'r', long)]
    pub(in crate::cli) recursive: bool,
    /// Project to verify, or a bundle; with -r any number of them
    #[arg(value_name = "DIR|BUNDLE")]
    pub(in crate::cli) dirs: Vec<PathBuf>,
    /// Only up to this gate
    #[arg(long, value_name = "GATE")]
    pub(in crate::cli) through: Option<String>,
    /// Where logs lie that are kept out of git
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) raw: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) anchors: AnchorArgs,
    /// Compare each commit of BASE..HEAD with its parents: the ledger only grew, what it names stayed
    #[arg(long, value_name = "BASE..HEAD")]
    pub(in crate::cli) history: Option<String>,
    /// Refuse to verify (exit 2) without a policy or signers from outside the tree
    #[arg(long)]
    pub(in crate::cli) require_trust: bool,
    /// Ask the repository of launch_lock what other machines published, and what the lock is set to
    #[arg(long)]
    pub(in crate::cli) remote: bool,
    /// What the facts of each gate must at least be worth
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(in crate::cli) min_facts: Option<Assurance>,
    /// As what the release is expected to have ended; one that was rolled back verifies as that
    #[arg(long, value_enum)]
    pub(in crate::cli) expect: Option<Outcome>,
    /// Also write a page for people, as --format html=FILE does
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) html: Option<PathBuf>,
    /// The version that is expected
    #[arg(long, value_name = "VERSION")]
    pub(in crate::cli) release: Option<String>,
    /// The full commit id that is expected
    #[arg(long, value_name = "SHA")]
    pub(in crate::cli) commit: Option<String>,
    /// The digest of an artifact that is about to be deployed
    #[arg(long = "artifact", value_name = "sha256:HEX")]
    pub(in crate::cli) artifacts: Vec<String>,
}

/// What a verifier brings along from outside the tree.
#[derive(Args, Clone, Debug, Default)]
pub(in crate::cli) struct AnchorArgs {
    /// Read policy and signers from this commit, never from the work tree; its full id, and where
    /// the project lies in it, if that could be more than one place
    #[arg(long, value_name = "SHA[:DIR]")]
    pub(in crate::cli) policy_commit: Option<String>,
    /// Allowed signers from outside this tree: a file, or the digest that the tree's file, or the
    /// whole policy with its signers, must have
    #[arg(long, value_name = "FILE|sha256:HEX")]
    pub(in crate::cli) trust_root: Option<String>,
    /// A line of the ledger that must be there: the head that somebody kept, and when they did
    #[arg(long, value_name = "sha256:HEX[@TIME]")]
    pub(in crate::cli) expect_head: Option<String>,
    /// What the approval must at least be worth: L0 typed, L1 signed by signers of this tree, L2 by
    /// signers of a policy from outside it, L3 with hardware presence and an outside time
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(in crate::cli) min_assurance: Option<Assurance>,
}

impl AnchorArgs {
    /// Whether nothing was brought along.
    pub(in crate::cli) fn is_empty(&self) -> bool {
        let Self { policy_commit, trust_root, expect_head, min_assurance } = self;
        policy_commit.is_none()
            && trust_root.is_none()
            && expect_head.is_none()
            && min_assurance.is_none()
    }
}

fn level(text: &str) -> Result<Assurance, Reason> {
    Assurance::parse(&text.to_uppercase()).ok_or_else(|| "expected L0, L1, L2 or L3".into())
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p serve                                a free port of this machine
  d3p serve --listen 127.0.0.1:8080

POST /confirm/STEP answers 200 where d3p check --before STEP clears it and the request's metadata
carries the release's version and the digest of an artifact of its manifest; else 403, and why.
Everything else is 404. Nothing is written.")]
pub(in crate::cli) struct ServeArgs {
    /// Address to listen at
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(in crate::cli) listen: String,
}
