//! Arguments of every command, with help and examples: one file for each thing that one does.

mod collect;
mod decide;
mod judge;
mod keep;

pub(in crate::cli) use collect::{
    AnnounceArgs, AnswerArg, ConfirmArgs, DocArgs, FmtArgs, Forge, InitArgs, NextArgs, PinArgs,
    PromptArgs, RecordArgs, RunArgs, SetupArgs, StatusArgs, TickArgs, WatchArgs,
};
pub(in crate::cli) use decide::{
    ApproveArgs, ApproveCommand, DecideArgs, DecisionArg, RollbackArg, RollbackArgs,
    RollbackCommand, RolloutArgs, RolloutCommand, SignArgs, SkipArgs, StageDecisionArgs, WaiveArgs,
    WithdrawArgs,
};
pub(in crate::cli) use judge::{AnchorArgs, CheckArgs, DiffArgs, GateArgs, ServeArgs, VerifyArgs};
pub(in crate::cli) use keep::{
    ArchiveArgs, BundleArgs, BundleCommand, BundleCreateArgs, DemoArgs, DoctorArgs, ExplainArgs,
    ExportArgs, ExportCommand, HandoffArgs, OscalArgs, Outcome, PopulationArgs, ReportArgs,
    SchemaArgs,
};

use crate::model::Reason;
use crate::render::Format;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Refuses to mark a release gate passed until the evidence is present, valid and current.
#[derive(Parser, Debug)]
#[command(name = "d3p", version, about, after_help = AFTER)]
pub(in crate::cli) struct Cli {
    /// Work in DIR instead of the current directory
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub(in crate::cli) directory: Option<PathBuf>,
    /// The phase that is meant, where releases of two are open; `init` takes a phase.yaml too
    #[arg(long, value_name = "PHASE", global = true)]
    pub(in crate::cli) phase: Option<String>,
    /// Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check,
    /// gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv
    #[arg(long, value_name = "FORMAT", value_parser = output, global = true)]
    pub(in crate::cli) format: Vec<Output>,
    /// When to use colours (NO_COLOR is respected)
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true)]
    pub(in crate::cli) color: Color,
    /// Show everything instead of ten groups
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(in crate::cli) verbose: bool,
    /// Show only the result
    #[arg(short, long, global = true)]
    pub(in crate::cli) quiet: bool,
    #[command(subcommand)]
    pub(in crate::cli) command: Command,
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

/// A format, and the file that it is written to, where it is not shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::cli) struct Output {
    pub(in crate::cli) format: Format,
    pub(in crate::cli) file: Option<PathBuf>,
}

/// Reads `FORMAT` or `FORMAT=FILE`.
fn output(text: &str) -> Result<Output, Reason> {
    let (word, file) = match text.split_once('=') {
        Some((word, file)) => (word, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let known = || Format::ALL.map(|(_, word, _)| word).join(", ");
    let found = Format::ALL.iter().find(|(_, own, _)| *own == word);
    let (format, ..) = found.ok_or_else(|| format!("there is no format `{word}`: {}", known()))?;
    match file {
        Some(file) if file.as_os_str().is_empty() => {
            Err(format!("name the file: {word}=FILE").into())
        }
        Some(_) if format.openings().is_empty() => {
            Err(format!("`{word}` is shown, and is no file").into())
        }
        file => Ok(Output { format: *format, file }),
    }
}

/// When to use colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum Command {
    /// Write what a release needs of the project: persons, hooks, signals, as the repository shows them
    Setup(SetupArgs),
    /// Scaffold a release: policy, documents, manifest; keeps everything that exists
    Init(InitArgs),
    /// Set the release to a commit: what hooks run, and what is deployed
    Pin(PinArgs),
    /// Show what people still have to write, and write it where it belongs
    Doc(DocArgs),
    /// Align the tables of documents; no word is touched
    Fmt(FmtArgs),
    /// Do one step after another until a person is needed
    Next(NextArgs),
    /// Show gates, evidence and checkpoints
    Status(StatusArgs),
    /// Print the instructions of an agent, filled from this release; or name what is lacking for them
    Prompt(PromptArgs),
    /// Record a piece of evidence
    Record(RecordArgs),
    /// Run a hook of d3p.yaml and record what really happened
    Run(RunArgs),
    /// Say the protocol's exact words, or your own, in the communications log
    Announce(AnnounceArgs),
    /// Put a question to a person and record Yes, No or Clarify
    Confirm(ConfirmArgs),
    /// Tick items of a service's checklist that somebody saw to hold in production
    Tick(TickArgs),
    /// Have an authority outside stamp the newest line of the ledger, so that its time is no claim
    #[command(after_help = "\
Examples:
  d3p timestamp

Gates, decisions and launches do this by themselves where d3p.yaml names an authority; this asks
again where it did not answer. A stamp covers everything before it.")]
    Timestamp,
    /// Request, show, sign or list the decision on the launch
    Approve(ApproveArgs),
    /// Go through the stages of the launch, judged by what production does
    Rollout(RolloutArgs),
    /// Watch the health window by the queries of its signals, on its schedule or afterwards
    Watch(WatchArgs),
    /// Decide whether the launch is taken back, or show who may
    Rollback(RollbackArgs),
    /// Let a finding stand for a while: a signed exception that ends
    Waive(WaiveArgs),
    /// Show whether the phase is gone through, and which of its parts apply, by the facts of d3p.yaml
    #[command(after_help = "\
Examples:
  d3p applies
  d3p applies --format json

A fact that is not given removes nothing. Facts are held against what git says of the change.")]
    Applies,
    /// Decide that the phase is not gone through for this release, since nothing is deployed: signed
    Skip(SkipArgs),
    /// Withdraw the time of a line of the ledger that a clock which was ahead wrote: signed
    Withdraw(WithdrawArgs),
    /// Lint documents and evidence, or ask for clearance before a step
    Check(CheckArgs),
    /// Answer engines that ask whether a step may be taken, such as Flagger
    Serve(ServeArgs),
    /// Serve agents by the Model Context Protocol, over standard input and output
    #[command(after_help = "\
Examples:
  d3p mcp                      for the project of this directory
  d3p -C /path/to/project mcp  as a client begins it

Tools: status, next, explain, check, verify, diff, record, run, prompt. What people decide or
answer, and what is run in production, has none. A build without the feature mcp says how to
get it.")]
    Mcp,
    /// Serve editors by the Language Server Protocol, over standard input and output
    #[command(after_help = "\
Examples:
  d3p lsp                      for the project of this directory, as an editor begins it

Findings while typing in documents, evidence and d3p.yaml; what a rule, clause or key means;
advice that is an edit. What is open is laid over the files in memory; nothing is written.")]
    Lsp,
    /// Compute a gate, and record a pass
    Gate(GateArgs),
    /// Show what changed since a gate passed
    Diff(DiffArgs),
    /// Show what is damaged and where it can be had back, and bring it back
    Doctor(DoctorArgs),
    /// Recompute everything and compare it with the records
    Verify(VerifyArgs),
    /// List each release of a period: how it ended, who decided, when, and what is missing
    Population(PopulationArgs),
    /// Print what auditors ask for, in a format of theirs
    Export(ExportArgs),
    /// Pack a release into one file that verifies on another machine
    Bundle(BundleArgs),
    /// Pack what a consumer of the release is given, or record who took it
    Handoff(HandoffArgs),
    /// Compile DEPLOYMENT-REPORT.md from the evidence, or write a page about the release
    Report(ReportArgs),
    /// Close the release and move it to .artifacts/releases/
    Archive(ArchiveArgs),
    /// Explain a rule, a gate, a clause, a control, a piece of evidence or a prerequisite
    Explain(ExplainArgs),
    /// Print a JSON Schema
    Schema(SchemaArgs),
    /// Play a complete honest release through all four gates, then tamper with a copy
    Demo(DemoArgs),
}
