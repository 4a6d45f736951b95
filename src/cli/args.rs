//! Arguments of every command, with help and examples.

use super::bundle::BundleArgs;
use crate::model::Assurance;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Refuses to mark a release gate passed until the evidence is present, valid and current.
#[derive(Parser, Debug)]
#[command(name = "d3p", version, about, after_help = AFTER)]
pub(super) struct Cli {
    /// Work in DIR instead of the current directory
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub(super) directory: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Human, global = true)]
    pub(super) format: Format,
    /// When to use colours (NO_COLOR is respected)
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true)]
    pub(super) color: Color,
    /// Show everything instead of ten groups
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(super) verbose: bool,
    /// Show only the result
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    #[command(subcommand)]
    pub(super) command: Command,
}

const AFTER: &str = "\
check lints · gate decides · verify audits · status informs

Exit codes, in every format:
  0  passed (warnings alone are 0)
  1  findings, refused, or a human must review
  2  could not complete";

/// The program's command line, for documentation.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Output format.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Format {
    /// For people
    Human,
    /// For programs; see `d3p schema check-report`
    Json,
}

/// When to use colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Scaffold a release: policy, documents, manifest; keeps everything that exists
    Init(InitArgs),
    /// Show gates, evidence and checkpoints
    Status(StatusArgs),
    /// Record a piece of evidence
    Record(RecordArgs),
    /// Run a hook of d3p.yaml and record what really happened
    Run(RunArgs),
    /// Say the protocol's exact words, or your own, in the communications log
    Announce(AnnounceArgs),
    /// Put a question to a person and record Yes, No or Clarify
    Confirm(ConfirmArgs),
    /// Request, show, sign or list the decision on the launch
    Approve(ApproveArgs),
    /// Decide whether the launch is taken back, or show who may
    Rollback(RollbackArgs),
    /// Let a finding stand for a while: a signed exception that ends
    Waive(WaiveArgs),
    /// Lint documents and evidence, or ask for clearance before a step
    Check(CheckArgs),
    /// Compute a gate, and record a pass
    Gate(GateArgs),
    /// Show what changed since a gate passed
    Diff(DiffArgs),
    /// Recompute everything and compare it with the records
    Verify(VerifyArgs),
    /// Pack a release into one file that verifies on another machine
    Bundle(BundleArgs),
    /// Compile DEPLOYMENT-REPORT.md from the evidence
    Report,
    /// Close the release and move it to .artifacts/releases/
    Archive(ArchiveArgs),
    /// Explain a rule, a gate, a clause, a piece of evidence or a prerequisite
    Explain(ExplainArgs),
    /// Print a JSON Schema
    Schema(SchemaArgs),
    /// Play a complete honest release through all four gates, then tamper with a copy
    Demo(DemoArgs),
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p init --release v1.4.0 --service api --service web
  d3p init --release v1.4.0 --service api --artifact dist/api-1.4.0.tar.gz --since v1.3.2
  d3p init --release v1.4.0 --service api --dry-run")]
pub(super) struct InitArgs {
    /// Version of the release
    #[arg(long, value_name = "VERSION")]
    pub(super) release: Option<String>,
    /// A service that is released; once for each
    #[arg(long = "service", value_name = "NAME")]
    pub(super) services: Vec<String>,
    /// A local file that is released; its digest goes into the manifest
    #[arg(long = "artifact", value_name = "FILE")]
    pub(super) artifacts: Vec<String>,
    /// The release before, whose later commits are proposed as scope; by default the last tag
    #[arg(long, value_name = "TAG")]
    pub(super) since: Option<String>,
    /// Which try at this release it is; by default one more than were archived
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) attempt: Option<u64>,
    /// Show what would be written
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p status
  d3p status --next          only the one next command, and why")]
pub(super) struct StatusArgs {
    /// Only the one next command
    #[arg(long)]
    pub(super) next: bool,
}

#[derive(Args, Debug, Default)]
#[command(after_help = "\
Examples:
  d3p record deployment-readiness-checklist
  d3p record staging-validation-results --example > .d3p/body.json
  d3p record staging-validation-results --from .d3p/body.json
  d3p record staging-validation-results --junit 'smoke=reports/**/*.xml' --sarif scan.sarif
  d3p record post-deployment-validation --junit api=smoke.xml --health checks.json
  d3p record deployment-health-log --from .d3p/sample.json
  d3p record production-approval --by \"Ana Silva\" --decision go")]
pub(super) struct RecordArgs {
    /// Kind of evidence
    #[arg(value_name = "KIND")]
    pub(super) kind: String,
    /// Body to record; `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "example")]
    pub(super) from: Option<PathBuf>,
    /// JUnit XML; SUITE= names the suite (or the service) that the files are of
    #[arg(long, value_name = "[SUITE=]GLOB")]
    pub(super) junit: Vec<String>,
    /// SARIF of a scanner
    #[arg(long, value_name = "GLOB")]
    pub(super) sarif: Vec<String>,
    /// Performance JSON; see `d3p schema performance`
    #[arg(long, value_name = "GLOB")]
    pub(super) performance: Vec<String>,
    /// Prometheus text exposition, of which `metrics` in d3p.yaml names the samples
    #[arg(long, value_name = "GLOB")]
    pub(super) prometheus: Vec<String>,
    /// Health checks; see `d3p schema health-checks`
    #[arg(long, value_name = "GLOB")]
    pub(super) health: Vec<String>,
    /// Print a filled example body and write nothing
    #[arg(long)]
    pub(super) example: bool,
    /// Record anew what a gate has already bound; re-opens that gate and all after it
    #[arg(long)]
    pub(super) reopen: bool,
    /// Sign as a machine of d3p.yaml, with this private key (PEM); else D3P_SIGNING_KEY, the key
    /// itself, or D3P_SIGNING_KEY_FILE, its path, where they are set
    #[arg(long, value_name = "FILE")]
    pub(super) sign_key: Option<PathBuf>,
    /// Full name of the person who decides
    #[arg(long, value_name = "FULL NAME")]
    pub(super) by: Option<String>,
    /// The decision
    #[arg(long, value_enum)]
    pub(super) decision: Option<DecisionArg>,
}

/// A decision.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum DecisionArg {
    /// Launch
    Go,
    /// Do not launch
    NoGo,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p run deploy-staging
  d3p run validate-staging
  d3p run health-check                       one sample of the health window
  d3p run deploy-staging -- make deploy      recorded; no gate takes it
  d3p run rollback --without-decision \"error rate 9%, nobody answers\"

Lines of its output that d3p reads:
  ::service api=healthy v1.4.0    healthy, unhealthy or unknown
  ::critical TEXT                 a critical error
  ::incident TEXT                 an incident
  ::metric error_rate=0.2%        a measured value
  ::observation TEXT              what was seen")]
pub(super) struct RunArgs {
    /// Hook of d3p.yaml
    #[arg(value_name = "HOOK")]
    pub(super) hook: String,
    /// Run it though a gate has already bound its evidence; re-opens that gate and all after it
    #[arg(long)]
    pub(super) reopen: bool,
    /// Roll back at once, though nobody has decided it; somebody of the authority tree must afterwards
    #[arg(long, value_name = "WHY")]
    pub(super) without_decision: Option<String>,
    /// Sign as a machine of d3p.yaml, with this private key (PEM); else D3P_SIGNING_KEY, the key
    /// itself, or D3P_SIGNING_KEY_FILE, its path, where they are set
    #[arg(long, value_name = "FILE")]
    pub(super) sign_key: Option<PathBuf>,
    /// Another command line instead of the hook's
    #[arg(last = true, value_name = "COMMAND")]
    pub(super) command: Vec<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p announce \"phase 2 start\"
  d3p announce \"Checkout is read-only until 10:15 UTC\"
  d3p announce - < message.txt
  d3p announce --list")]
pub(super) struct AnnounceArgs {
    /// Name of an announcement, or your own words; `-` reads standard input
    #[arg(value_name = "TEXT", required_unless_present = "list")]
    pub(super) text: Option<String>,
    /// Show the protocol's announcements
    #[arg(long, conflicts_with = "text")]
    pub(super) list: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p confirm \"Is the error rate normal in every region?\"
  d3p confirm \"Is support staffed?\" --answer clarify --by \"Mika Larsen\" --note \"who covers the night?\"

No and Clarify exit with 1 and keep the gate shut until the question is answered anew.")]
pub(super) struct ConfirmArgs {
    /// The question
    #[arg(value_name = "QUESTION")]
    pub(super) question: String,
    /// The answer, where there is no terminal to ask on
    #[arg(long, value_enum, requires = "by")]
    pub(super) answer: Option<AnswerArg>,
    /// Full name of the person who answers
    #[arg(long, value_name = "FULL NAME")]
    pub(super) by: Option<String>,
    /// What they say besides
    #[arg(long, value_name = "TEXT")]
    pub(super) note: Option<String>,
}

/// An answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum AnswerArg {
    /// It is so
    Yes,
    /// It is not so: the gate stays shut
    No,
    /// Not clear yet: the gate waits
    Clarify,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p approve request production                                   an agent, or CI
  d3p approve show                                                 what am I signing?
  d3p approve sign --as ana@example.com --decision go              a person, with their own key
  d3p approve status                                               who signed, who is missing

A signature is made by ssh-keygen with the person's own key; d3p never reads it.
Who may sign stands in .d3p/allowed_signers and in approval.persons of d3p.yaml.")]
pub(super) struct ApproveArgs {
    #[command(subcommand)]
    pub(super) command: ApproveCommand,
}

#[derive(Subcommand, Debug)]
pub(super) enum ApproveCommand {
    /// Ask for a decision: writes what is to be approved, for people to read
    Request {
        /// What is to be decided
        #[arg(value_name = "DECISION", default_value = "production", value_parser = ["production"])]
        decision: String,
    },
    /// Show what a signature would cover, and what changed since the request
    Show,
    /// Decide, with the person's own SSH key
    Sign(SignArgs),
    /// Show who signed, who is missing, and what no longer counts
    Status,
}

#[derive(Args, Debug)]
pub(super) struct SignArgs {
    /// Who decides: the name in .d3p/allowed_signers
    #[arg(long = "as", value_name = "NAME")]
    pub(super) identity: String,
    /// The role they decide in
    #[arg(long, value_name = "ROLE")]
    pub(super) role: Option<String>,
    /// The decision
    #[arg(long, value_enum)]
    pub(super) decision: DecisionArg,
    /// Let the launch lie in this denied window of d3p.yaml, by its id
    #[arg(long = "override-window", value_name = "ID")]
    pub(super) override_windows: Vec<String>,
    /// Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p waive GL315 --until 2026-12-01 --reason \"known peak of the nightly import\" --as ana@example.com
  d3p waive GL301 --path d3p/phase-8/phase8_go_nogo_decision.md --until … --reason … --as …
  d3p waive GL315 --as mei@example.com       another person signs what is waiting, as it is
  d3p waive --list                           all, and what each is worth
  d3p waive GL315 --remove

Exactly what is found now may stand, in this release, until then; whatever else the rule finds does
not. Policy, approvals, records, and what is missing or malformed can never be waived.")]
pub(super) struct WaiveArgs {
    /// Rule whose finding may stand
    #[arg(value_name = "RULE", required_unless_present_any = ["list", "remove"])]
    pub(super) rule: Option<String>,
    /// The file that it is at; needed where the rule finds more than one thing
    #[arg(long, value_name = "PATH")]
    pub(super) path: Option<String>,
    /// Only what is found at this JSON pointer in it, or below
    #[arg(long, value_name = "POINTER")]
    pub(super) pointer: Option<String>,
    /// When it ends: a day, which is its 00:00 UTC, or a time with offset
    #[arg(long, value_name = "DATE")]
    pub(super) until: Option<String>,
    /// Why it may stand
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: Option<String>,
    /// Who lets it: the name in .d3p/allowed_signers
    #[arg(long = "as", value_name = "NAME", required_unless_present_any = ["list", "remove"])]
    pub(super) identity: Option<String>,
    /// The role they decide in
    #[arg(long, value_name = "ROLE")]
    pub(super) role: Option<String>,
    /// Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,
    /// Show all waivers, and what each is worth
    #[arg(long, conflicts_with_all = ["rule", "remove", "identity", "until", "reason"])]
    pub(super) list: bool,
    /// Drop waivers of this rule, and all that count for nothing
    #[arg(long, conflicts_with_all = ["identity", "until", "reason"])]
    pub(super) remove: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p rollback status                                              who may, who did, what is missing
  d3p rollback decide --as ana@example.com --decision roll-back --reason \"orders are lost\"
  d3p rollback decide --as ana@example.com --decision continue --reason \"the alarm was false\"

Who may decide stands in the authority tree of the rollback strategy. They sign with their own key,
and that they are present. Where nobody is reached: d3p run rollback --without-decision \"WHY\".")]
pub(super) struct RollbackArgs {
    #[command(subcommand)]
    pub(super) command: RollbackCommand,
}

#[derive(Subcommand, Debug)]
pub(super) enum RollbackCommand {
    /// Decide, as a person of the authority tree, with the person's own SSH key
    Decide(DecideArgs),
    /// Show who may decide and how they are reached, who decided what, and what is missing
    Status,
}

#[derive(Args, Debug)]
pub(super) struct DecideArgs {
    /// Who decides: the name in .d3p/allowed_signers, or the full name while signatures are off
    #[arg(long = "as", value_name = "NAME")]
    pub(super) identity: String,
    /// The decision; asked for on a terminal when absent
    #[arg(long, value_enum)]
    pub(super) decision: Option<RollbackArg>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: String,
    /// The role they decide in
    #[arg(long, value_name = "ROLE")]
    pub(super) role: Option<String>,
    /// Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,
}

/// What becomes of the launch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum RollbackArg {
    /// Take it back
    RollBack,
    /// Leave it where it is
    Continue,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p check
  d3p check d3p/phase-9-deployment-golive/phase9_deployment_plan.md
  d3p check --through staging-validation
  d3p check --through readiness d3p/phase-9-deployment-golive
  d3p check --before deploy-production      for the CI job that holds the deploy credential
  d3p check --before deploy-production --policy-commit 3f2c… --min-assurance L2")]
pub(super) struct CheckArgs {
    /// Only these files or directories
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Ask for everything that is due up to this gate
    #[arg(long, value_name = "GATE", conflicts_with = "before")]
    pub(super) through: Option<String>,
    /// Ask whether this step may be taken now
    #[arg(long, value_name = "STEP", conflicts_with = "paths")]
    pub(super) before: Option<String>,
    #[command(flatten)]
    pub(super) anchors: AnchorArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p gate readiness         or: d3p gate 1
  d3p gate 3 --dry-run       the verdict and exit code, nothing written")]
pub(super) struct GateArgs {
    /// Gate: its id, or its number
    #[arg(value_name = "GATE")]
    pub(super) gate: String,
    /// Show the verdict and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Take the edited d3p.yaml into this release (first gate, before launch)
    #[arg(long)]
    pub(super) refreeze: bool,
    /// Sign as a machine of d3p.yaml, with this private key (PEM); else D3P_SIGNING_KEY, the key
    /// itself, or D3P_SIGNING_KEY_FILE, its path, where they are set
    #[arg(long, value_name = "FILE")]
    pub(super) sign_key: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p diff
  d3p diff readiness")]
pub(super) struct DiffArgs {
    /// Only this gate
    #[arg(value_name = "GATE")]
    pub(super) gate: Option<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p verify
  d3p verify .artifacts/releases/v1.4.0+1
  d3p verify --through staging-validation
  d3p verify --raw ~/ci-logs          logs that are too large for git
  d3p verify --release v1.4.0 --commit 3f2c… --artifact sha256:9b1d…
  d3p verify --policy-commit 3f2c… --min-assurance L2 --expect-head sha256:…
  d3p verify release.tar.gz           what d3p bundle create packed
  d3p -C CLONE verify /tmp/release.tar.gz --policy-commit 3f2c…")]
pub(super) struct VerifyArgs {
    /// Project to verify, or a bundle
    #[arg(value_name = "DIR|BUNDLE")]
    pub(super) dir: Option<PathBuf>,
    /// Only up to this gate
    #[arg(long, value_name = "GATE")]
    pub(super) through: Option<String>,
    /// Where logs lie that are kept out of git
    #[arg(long, value_name = "DIR")]
    pub(super) raw: Option<PathBuf>,
    #[command(flatten)]
    pub(super) anchors: AnchorArgs,
    /// What the facts of each gate must at least be worth
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(super) min_facts: Option<Assurance>,
    /// The version that is expected
    #[arg(long, value_name = "VERSION")]
    pub(super) release: Option<String>,
    /// The full commit id that is expected
    #[arg(long, value_name = "SHA")]
    pub(super) commit: Option<String>,
    /// The digest of an artifact that is about to be deployed
    #[arg(long = "artifact", value_name = "sha256:HEX")]
    pub(super) artifacts: Vec<String>,
}

/// What a verifier brings along from outside the tree.
#[derive(Args, Debug, Default)]
pub(super) struct AnchorArgs {
    /// Read policy and signers from this commit, never from the work tree; its full id
    #[arg(long, value_name = "SHA")]
    pub(super) policy_commit: Option<String>,
    /// Allowed signers from outside this tree: a file, or the digest that the tree's file, or the
    /// whole policy with its signers, must have
    #[arg(long, value_name = "FILE|sha256:HEX")]
    pub(super) trust_root: Option<String>,
    /// A line of the ledger that must be there: the head that somebody kept, and when they did
    #[arg(long, value_name = "sha256:HEX[@TIME]")]
    pub(super) expect_head: Option<String>,
    /// What the approval must at least be worth: L0 typed, L1 signed by signers of this tree, L2 by
    /// signers of a policy from outside it, L3 with hardware presence and an outside time
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(super) min_assurance: Option<Assurance>,
}

impl AnchorArgs {
    /// Whether nothing was brought along.
    pub(super) fn is_empty(&self) -> bool {
        let Self { policy_commit, trust_root, expect_head, min_assurance } = self;
        policy_commit.is_none()
            && trust_root.is_none()
            && expect_head.is_none()
            && min_assurance.is_none()
    }
}

fn level(text: &str) -> Result<Assurance, String> {
    Assurance::parse(&text.to_uppercase()).ok_or_else(|| "expected L0, L1, L2 or L3".to_owned())
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p archive                                             after the last gate
  d3p archive --outcome abandoned --reason \"superseded by v1.4.1 before launch\"")]
pub(super) struct ArchiveArgs {
    /// How the release ended
    #[arg(long, value_enum, default_value_t = Outcome::Completed)]
    pub(super) outcome: Outcome,
    /// Why, for every outcome but completed
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: Option<String>,
}

/// How a release ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Outcome {
    /// Every gate is passed
    Completed,
    /// Another release took its place
    Superseded,
    /// It was given up
    Abandoned,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p explain GL301
  d3p explain readiness
  d3p explain P11-1.1
  d3p explain go-decision")]
pub(super) struct ExplainArgs {
    /// Rule, gate, clause, evidence, prerequisite, document or step
    #[arg(value_name = "NAME")]
    pub(super) name: String,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p schema                              the names
  d3p schema staging-validation-results")]
pub(super) struct SchemaArgs {
    /// Name of the schema
    #[arg(value_name = "NAME")]
    pub(super) name: Option<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p demo
  d3p demo --into my-demo && d3p verify my-demo")]
pub(super) struct DemoArgs {
    /// Keep the release in this directory, which must be new or empty
    #[arg(long, value_name = "DIR")]
    pub(super) into: Option<PathBuf>,
}
