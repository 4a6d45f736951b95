//! Arguments of the commands with which people decide: `approve`, `waive`, `rollback`.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// A decision.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum DecisionArg {
    /// Launch
    Go,
    /// Do not launch
    #[value(alias = "no_go")]
    NoGo,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p approve request production                                   an agent, or CI
  d3p approve show                                                 what am I signing?
  d3p approve sign --as ana@example.com --decision go              a person, with their own key
  d3p approve sign --as ana@example.com --decision no-go --reason \"the migration was not rehearsed\"
  d3p approve status                                               who signed, who is missing

A signature is made by ssh-keygen with the person's own key; d3p never reads it.
Who may sign stands in .d3p/allowed_signers and in approval.persons of d3p.yaml.")]
pub(in crate::cli) struct ApproveArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: ApproveCommand,
}

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum ApproveCommand {
    /// Ask for a decision: writes what is to be approved, for people to read
    Request {
        /// What is to be decided
        #[arg(value_name = "DECISION", default_value = "production", value_parser = ["production"])]
        decision: String,
    },
    /// Show what a signature would cover, and what changed since the request
    Show,
    /// Decide, with the person's own SSH key; without a clone, over a bundle
    Sign(SignArgs),
    /// Record a decision that was signed over a bundle elsewhere
    Add {
        /// What d3p approve sign wrote there
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Show who signed, who is missing, and what no longer counts
    Status,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct SignArgs {
    /// A bundle to decide over, where there is no clone: d3p bundle create packs it
    #[arg(value_name = "BUNDLE")]
    pub(in crate::cli) bundle: Option<PathBuf>,
    /// Where decision and signature go, for d3p approve add; beside the bundle unless said
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Who decides: the name in .d3p/allowed_signers, often a mail address
    #[arg(long = "as", value_name = "PRINCIPAL")]
    pub(in crate::cli) identity: String,
    /// The role they decide in
    #[arg(long, value_name = "ROLE")]
    pub(in crate::cli) role: Option<String>,
    /// The decision
    #[arg(long, value_enum, ignore_case = true)]
    pub(in crate::cli) decision: DecisionArg,
    /// Why, which is signed with it: of a NO_GO, what has to be mended
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: Option<String>,
    /// Sign only what d3p approve show showed: the digest that it prints
    #[arg(long, value_name = "sha256:…")]
    pub(in crate::cli) seen: Option<String>,
    /// Let the launch lie in this denied window of d3p.yaml, by its id
    #[arg(long = "override-window", value_name = "ID")]
    pub(in crate::cli) override_windows: Vec<String>,
    /// Let the launch take over a launch lock whose runner is gone, by the object that it is set to
    #[arg(long, value_name = "OBJECT")]
    pub(in crate::cli) take_over: Vec<String>,
    /// Let the launch go without the launch lock where that cannot be taken
    #[arg(long)]
    pub(in crate::cli) without_lock: bool,
    /// Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) key: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p waive GL315 --until 2026-12-01 --reason \"known peak of the nightly import\" --as ana@example.com
  d3p waive GL301 --path d3p/phase-8/DOCUMENT.md --until … --reason … --as …
  d3p waive GL315 --as mei@example.com       another person signs what is waiting, as it is
  d3p waive --list                           all, and what each is worth
  d3p waive GL315 --remove

Exactly what is found now may stand, in this release, until then; whatever else the rule finds does
not. Policy, approvals, records, and what is missing or malformed can never be waived.")]
pub(in crate::cli) struct WaiveArgs {
    /// Rule whose finding may stand
    #[arg(value_name = "RULE", required_unless_present_any = ["list", "remove"])]
    pub(in crate::cli) rule: Option<String>,
    /// The file that it is at; needed where the rule finds more than one thing
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) path: Option<String>,
    /// Only what is found at this JSON pointer in it, or below
    #[arg(long, value_name = "POINTER")]
    pub(in crate::cli) pointer: Option<String>,
    /// When it ends: a day, which is its 00:00 UTC, or a time with offset
    #[arg(long, value_name = "DATE")]
    pub(in crate::cli) until: Option<String>,
    /// Why it may stand
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: Option<String>,
    /// Who lets it: the name in .d3p/allowed_signers, often a mail address
    #[arg(long = "as", value_name = "PRINCIPAL", required_unless_present_any = ["list", "remove"])]
    pub(in crate::cli) identity: Option<String>,
    /// The role they decide in
    #[arg(long, value_name = "ROLE")]
    pub(in crate::cli) role: Option<String>,
    /// Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) key: Option<PathBuf>,
    /// Show all waivers, and what each is worth
    #[arg(long, conflicts_with_all = ["rule", "remove", "identity", "until", "reason"])]
    pub(in crate::cli) list: bool,
    /// Drop waivers of this rule, and all that count for nothing
    #[arg(long, conflicts_with_all = ["identity", "until", "reason"])]
    pub(in crate::cli) remove: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p withdraw 5f0c… --as ana@example.com --reason \"the clock of the build server was a year ahead\"

Only a line whose time has not come, and nothing but its time: what it tells of has happened.
d3p check names such lines. As many persons sign as a waiver takes.")]
pub(in crate::cli) struct WithdrawArgs {
    /// The id of the line
    #[arg(value_name = "LINE")]
    pub(in crate::cli) line: String,
    /// Who withdraws it: the name in .d3p/allowed_signers, often a mail address
    #[arg(long = "as", value_name = "PRINCIPAL")]
    pub(in crate::cli) identity: String,
    /// Why its time is wrong
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: String,
    /// The role they decide in
    #[arg(long, value_name = "ROLE")]
    pub(in crate::cli) role: Option<String>,
    /// Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) key: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p applies                                                      what follows from the facts
  d3p skip --as ana@example.com --reason \"only the handbook changes\"
  d3p archive --outcome skipped

Only where a fact of d3p.yaml says that the phase is skipped, and git says nothing against it. It
takes as many persons as a launch, clears none, and leaves an archive that verifies as skipped.")]
pub(in crate::cli) struct SkipArgs {
    /// Who decides: the name in .d3p/allowed_signers; a full name where nothing is signed
    #[arg(long = "as", value_name = "PRINCIPAL")]
    pub(in crate::cli) identity: String,
    /// Why the phase is skipped
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: String,
    /// Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) key: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p rollback status                                              who may, who did, what is missing
  d3p rollback decide --as ana@example.com --decision roll-back --reason \"orders are lost\"
  d3p rollback decide --as ana@example.com --decision continue --reason \"the alarm was false\"

Who may decide stands in the authority tree of the rollback strategy. They sign with their own key,
and that they are present. Where nobody is reached: d3p run HOOK --without-decision \"WHY\".")]
pub(in crate::cli) struct RollbackArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: RollbackCommand,
}

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum RollbackCommand {
    /// Decide, as a person of the authority tree, with the person's own SSH key
    Decide(DecideArgs),
    /// Show who may decide and how they are reached, who decided what, and what is missing
    Status,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct DecideArgs {
    /// Who decides: the name in .d3p/allowed_signers, or the full name while signatures are off
    #[arg(long = "as", value_name = "NAME")]
    pub(in crate::cli) identity: String,
    /// The decision; asked for on a terminal when absent
    #[arg(long, value_enum, ignore_case = true)]
    pub(in crate::cli) decision: Option<RollbackArg>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: String,
    /// The role they decide in
    #[arg(long, value_name = "ROLE")]
    pub(in crate::cli) role: Option<String>,
    /// Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) key: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p rollout run         all stages: hook, watch, gates; stops where a person must look
  d3p rollout status      each stage and each condition: value, threshold, verdict
  d3p rollout promote --as ana@example.com --reason \"the metrics server was down\"
  d3p rollout abort --as ana@example.com --reason \"orders are lost\"

d3p moves no traffic: hooks do. That of the step that launches begins the first
stage, that of the step whose title says so each one after it; both get {stage} and {weight}.")]
pub(in crate::cli) struct RolloutArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: RolloutCommand,
}

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum RolloutCommand {
    /// Go through all stages, from where the rollout is
    Run,
    /// Show each stage and what was measured of it
    Status,
    /// Go on although a stage did not pass: the decision to continue, signed
    Promote(StageDecisionArgs),
    /// Take the launch back: the decision to roll back, signed
    Abort(StageDecisionArgs),
}

#[derive(Args, Debug)]
pub(in crate::cli) struct StageDecisionArgs {
    /// Who decides: the name in .d3p/allowed_signers, or the full name while signatures are off
    #[arg(long = "as", value_name = "NAME")]
    pub(in crate::cli) identity: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: String,
    /// The role they decide in
    #[arg(long, value_name = "ROLE")]
    pub(in crate::cli) role: Option<String>,
    /// Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) key: Option<PathBuf>,
}

/// What becomes of the launch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum RollbackArg {
    /// Take it back
    RollBack,
    /// Leave it where it is
    Continue,
}
