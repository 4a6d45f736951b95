//! Arguments of the commands that scaffold and collect: `init`, `status`, `record`, `run`, `announce`, `confirm`.

use super::DecisionArg;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p prompt                       the whole release
  d3p prompt STEP                  with one step, and what keeps it from beginning
  d3p prompt > prompt.md && AGENT --system-prompt-file prompt.md

The words are those of the phase; what is put into them is what files and policy say now. What nobody
says yet is named, and nothing is printed.")]
pub(in crate::cli) struct PromptArgs {
    /// The step that the agent is to take
    #[arg(value_name = "STEP")]
    pub(in crate::cli) step: Option<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p init --release v1.4.0 --service api --service web
  d3p init --release v1.4.0 --service api --artifact dist/api-1.4.0.tar.gz --since v1.3.2
  d3p init --release v1.4.0 --service api --dry-run
  d3p init --phase PHASE --from v1.4.0.tar.gz    take over what the phase before handed over
  d3p init --ci github --build COMMIT    jobs for checks, evidence, launch and watching
  d3p init --agents                      a skill for coding agents, and six lines for AGENTS.md")]
pub(in crate::cli) struct InitArgs {
    /// Version of the release
    #[arg(long, value_name = "VERSION", conflicts_with = "ci")]
    pub(in crate::cli) release: Option<String>,
    /// A service that is released; once for each
    #[arg(long = "service", value_name = "NAME")]
    pub(in crate::cli) services: Vec<String>,
    /// A local file that is released; its digest goes into the manifest
    #[arg(long = "artifact", value_name = "FILE")]
    pub(in crate::cli) artifacts: Vec<String>,
    /// The release before, whose later commits are proposed as scope; by default the last tag
    #[arg(long, value_name = "TAG")]
    pub(in crate::cli) since: Option<String>,
    /// The release window: from now on for so long; without it the plan asks for one
    #[arg(long, value_name = "SPAN")]
    pub(in crate::cli) window: Option<String>,
    /// Which try at this release it is; by default one more than were archived
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) attempt: Option<u64>,
    /// The release that the phase before hands over, as `d3p handoff` or `d3p bundle create` packed it
    #[arg(long, value_name = "FILE", conflicts_with = "ci")]
    pub(in crate::cli) from: Option<PathBuf>,
    /// Show what would be written
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    /// Write jobs for this forge instead, which check, collect evidence, launch and watch
    #[arg(long, value_enum, value_name = "FORGE")]
    pub(in crate::cli) ci: Option<Forge>,
    /// Write a skill for coding agents and lines for AGENTS.md instead
    #[arg(long, conflicts_with_all = ["ci", "release", "services", "artifacts", "since", "window", "attempt", "from"])]
    pub(in crate::cli) agents: bool,
    /// The full id of the commit of d3p that these jobs build and run
    #[arg(long, value_name = "COMMIT", requires = "ci")]
    pub(in crate::cli) build: Option<String>,
}

/// Where jobs run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum Forge {
    /// GitHub Actions
    Github,
    /// GitLab CI/CD
    Gitlab,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Reads the repository, its last commit and the metric server, and writes d3p.yaml and .d3p/allowed_signers;
where each value comes from is told. Run it again to add more: what is there is kept unless it is given.

Examples:
  d3p setup --person \"Ana Silva, release manager, ana@example.com, +351 21 000 0000\"
  d3p setup --prometheus http://127.0.0.1:9090 --threshold \"error_rate < 1%\" --threshold \"latency_p99 < 300ms\"
  d3p setup --window 24h
  d3p setup --rehearse
  d3p setup --without KIND=\"a team of three has no auditor of its own\"")]
pub(in crate::cli) struct SetupArgs {
    /// A service that is released; once for each, and where none is named the project's own name
    #[arg(long = "service", value_name = "NAME")]
    pub(in crate::cli) services: Vec<String>,
    /// Who may approve: NAME, ROLE, ADDRESS, KEY.pub, WHERE THEY ARE REACHED; a key of ~/.ssh whose
    /// comment is the address is found
    #[arg(long = "person", value_name = "PERSON")]
    pub(in crate::cli) persons: Vec<String>,
    /// Address of the Prometheus that watches production; what it has is proposed as signals
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) prometheus: Option<String>,
    /// When a signal is healthy, such as \"error_rate < 1%\"
    #[arg(long = "threshold", value_name = "CONDITION")]
    pub(in crate::cli) thresholds: Vec<String>,
    /// How long a release is watched after its launch
    #[arg(long, value_name = "SPAN")]
    pub(in crate::cli) window: Option<String>,
    /// What this project does not have, and why: KIND=REASON, or KIND,KIND=REASON
    #[arg(long, value_name = "KIND=REASON")]
    pub(in crate::cli) without: Vec<String>,
    /// Full name of who decided that; who wrote the last commit unless said
    #[arg(long, value_name = "FULL NAME")]
    pub(in crate::cli) by: Option<String>,
    /// Then run the hooks of staging and the sampler, of the commit that is checked out, and compare what
    /// they tell with policy and documents; nothing is recorded
    #[arg(long)]
    pub(in crate::cli) rehearse: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p pin                  the commit that is checked out
  d3p pin v1.4.0
  d3p pin --reopen HEAD    after gate 1, which it re-opens")]
pub(in crate::cli) struct PinArgs {
    /// A commit, tag or branch; HEAD unless said
    #[arg(value_name = "REV")]
    pub(in crate::cli) rev: Option<String>,
    /// Move it though a gate has bound it; re-opens that gate and all after it
    #[arg(long)]
    pub(in crate::cli) reopen: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p status
  d3p status --next          only the one next command, and why
  d3p status -r .            every release here and in its archives, a line each")]
pub(in crate::cli) struct StatusArgs {
    /// Every release that is open below these directories, or lies in an archive there
    #[arg(short = 'r', long, conflicts_with = "next")]
    pub(in crate::cli) recursive: bool,
    /// Directories, with -r; the current one unless said
    #[arg(value_name = "DIR", requires = "recursive")]
    pub(in crate::cli) dirs: Vec<PathBuf>,
    /// Only the one next command
    #[arg(long)]
    pub(in crate::cli) next: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Runs each command that d3p status --next names, until somebody has to write, answer or decide, something
has to be waited for, or a command refuses. A launch is begun with --launch only, and never taken back.

Examples:
  d3p next
  d3p next --launch          also begin the launch, once it is cleared
  d3p next --no-production   stop before anything that is run in production")]
pub(in crate::cli) struct NextArgs {
    /// Run nothing in production: no hook of a step there, no stage, no watching
    #[arg(long, conflicts_with = "launch")]
    pub(in crate::cli) no_production: bool,
    /// Also begin the launch, where everything that it waits for is there
    #[arg(long)]
    pub(in crate::cli) launch: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
An address is that of a document, a section and a place in it; the end of it is enough where one place is
meant. Where a time is wanted, now and now+2h say it.

Examples:
  d3p doc                                   what is still to be written, with its addresses
  d3p doc hotfix=\"a defect of texts alone is mended forward, reviewed and sent through staging\"
  d3p doc --cite                            what runbooks and docs say already, each with its source
  d3p doc window.start=now window.end=now+2h risks=\"the new payment call is slower\"")]
pub(in crate::cli) struct DocArgs {
    /// What is written where
    #[arg(value_name = "ADDRESS=TEXT")]
    pub(in crate::cli) set: Vec<String>,
    /// Show every place, also those that are written
    #[arg(long)]
    pub(in crate::cli) all: bool,
    /// Write into each open place what a file of the repository says under a heading that asks the same
    #[arg(long)]
    pub(in crate::cli) cite: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p fmt
  d3p fmt --dry-run        which files it would touch

What a gate was passed with is left as it is.")]
pub(in crate::cli) struct FmtArgs {
    /// Show what would be aligned
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
}

#[derive(Args, Debug, Default)]
#[command(after_help = "\
Examples:
  d3p record KIND                         what d3p computes, such as a checklist
  d3p record KIND --example > .d3p/body.json
  d3p record KIND --from .d3p/body.json
  d3p record KIND --junit 'smoke=reports/**/*.xml' --sarif scan.sarif
  d3p record KIND --junit api=smoke.xml --health checks.json
  d3p record KIND --promtool alerts.txt --file 'rules=monitoring/*.yml'
  d3p record KIND --by \"Ana Silva\" --decision go

The kinds are those of the phase: d3p status shows them, d3p explain KIND explains one.")]
pub(in crate::cli) struct RecordArgs {
    /// Kind of evidence
    #[arg(value_name = "KIND")]
    pub(in crate::cli) kind: String,
    /// Body to record; `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "example")]
    pub(in crate::cli) from: Option<PathBuf>,
    /// JUnit XML; SUITE= names the suite (or the service) that the files are of
    #[arg(long, value_name = "[SUITE=]GLOB")]
    pub(in crate::cli) junit: Vec<String>,
    /// SARIF of a scanner
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) sarif: Vec<String>,
    /// Performance JSON; see `d3p schema performance`
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) performance: Vec<String>,
    /// Prometheus text exposition, of which `metrics` in d3p.yaml names the samples
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) prometheus: Vec<String>,
    /// Health checks; see `d3p schema health-checks`
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) health: Vec<String>,
    /// What `promtool test rules` says, both of its outputs
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) promtool: Vec<String>,
    /// Files of the release's commit that show a part of the evidence
    #[arg(long, value_name = "PART=GLOB")]
    pub(in crate::cli) file: Vec<String>,
    /// Print a filled example body and write nothing
    #[arg(long)]
    pub(in crate::cli) example: bool,
    /// Record anew what a gate has already bound; re-opens that gate and all after it
    #[arg(long)]
    pub(in crate::cli) reopen: bool,
    /// Sign as a machine of d3p.yaml, with this private key (PEM); else D3P_SIGNING_KEY, the key
    /// itself, or D3P_SIGNING_KEY_FILE, its path, where they are set
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) sign_key: Option<PathBuf>,
    /// Full name of the person who decides
    #[arg(long, value_name = "FULL NAME")]
    pub(in crate::cli) by: Option<String>,
    /// The decision
    #[arg(long, value_enum)]
    pub(in crate::cli) decision: Option<DecisionArg>,
}

#[derive(Args, Debug, Default)]
#[command(after_help = "\
Examples:
  d3p run HOOK                               as d3p.yaml has it; d3p status names the steps
  d3p run HOOK --rehearse                    tried on staging, or as a sample; compared and not kept
  d3p run HOOK -- make deploy                recorded; no gate takes it
  d3p run HOOK --without-decision \"error rate 9%, nobody answers\"

Lines of its output that d3p reads:
  ::service api=healthy v1.4.0    healthy, unhealthy or unknown; v1.4.0@sha256:DIGEST
  ::critical TEXT                 a critical error
  ::incident TEXT                 an incident
  ::metric error_rate=0.2%        a measured value
  ::observation TEXT              what was seen")]
pub(in crate::cli) struct RunArgs {
    /// Hook of d3p.yaml
    #[arg(value_name = "HOOK")]
    pub(in crate::cli) hook: String,
    /// Run it though a gate has already bound its evidence; re-opens that gate and all after it
    #[arg(long)]
    pub(in crate::cli) reopen: bool,
    /// Try a hook of staging, or one sample before the launch, and compare what it tells; keep nothing
    #[arg(long)]
    pub(in crate::cli) rehearse: bool,
    /// Roll back at once, though nobody has decided it; somebody of the authority tree must afterwards
    #[arg(long, value_name = "WHY")]
    pub(in crate::cli) without_decision: Option<String>,
    /// Sign as a machine of d3p.yaml, with this private key (PEM); else D3P_SIGNING_KEY, the key
    /// itself, or D3P_SIGNING_KEY_FILE, its path, where they are set
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) sign_key: Option<PathBuf>,
    /// Another command line instead of the hook's
    #[arg(last = true, value_name = "COMMAND")]
    pub(in crate::cli) command: Vec<String>,
}

impl RunArgs {
    /// Those that try a hook.
    pub(in crate::cli) fn rehearsal(hook: &str) -> Self {
        Self {
            hook: hook.to_owned(),
            reopen: false,
            rehearse: true,
            without_decision: None,
            sign_key: None,
            command: Vec::new(),
        }
    }
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p watch                 until the window is over; begun again after a kill, it goes on
  d3p watch --backfill      afterwards, in one go: the same moments, asked for by range queries
  d3p watch --rehearse      before the launch: does the server answer, and keep data for so long?

For signals that have a query in d3p.yaml, and no hook that takes samples.")]
pub(in crate::cli) struct WatchArgs {
    /// Only what is due by now, and not what is to come
    #[arg(long, conflicts_with = "rehearse")]
    pub(in crate::cli) backfill: bool,
    /// Ask whether the server could be asked after the launch; keep nothing
    #[arg(long)]
    pub(in crate::cli) rehearse: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p announce \"phase 2 start\"
  d3p announce \"Checkout is read-only until 10:15 UTC\"
  d3p announce - < message.txt
  d3p announce --list")]
pub(in crate::cli) struct AnnounceArgs {
    /// Name of an announcement, or your own words; `-` reads standard input
    #[arg(value_name = "TEXT", required_unless_present = "list")]
    pub(in crate::cli) text: Option<String>,
    /// Show the protocol's announcements
    #[arg(long, conflicts_with = "text")]
    pub(in crate::cli) list: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p confirm \"Is the error rate normal in every region?\"
  d3p confirm \"Is support staffed?\" --answer clarify --by \"Mika Larsen\" --note \"who covers the night?\"

No and Clarify exit with 1 and keep the gate shut until the question is answered anew.")]
pub(in crate::cli) struct ConfirmArgs {
    /// The question
    #[arg(value_name = "QUESTION")]
    pub(in crate::cli) question: String,
    /// The answer, where there is no terminal to ask on
    #[arg(long, value_enum, requires = "by")]
    pub(in crate::cli) answer: Option<AnswerArg>,
    /// Full name of the person who answers
    #[arg(long, value_name = "FULL NAME")]
    pub(in crate::cli) by: Option<String>,
    /// What they say besides
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) note: Option<String>,
}

/// An answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum AnswerArg {
    /// It is so
    Yes,
    /// It is not so: the gate stays shut
    No,
    /// Not clear yet: the gate waits
    Clarify,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Writes into the checklist who saw it and when. \"agent, for\" stands before the name, for no signature
shows that the person did it.

Examples:
  d3p tick api 1 --by \"Ana Silva\"
  d3p tick api 1 2 3 --by \"Ana Silva\"")]
pub(in crate::cli) struct TickArgs {
    /// Service, as its checklist is called
    #[arg(value_name = "SERVICE")]
    pub(in crate::cli) service: String,
    /// Numbers of the items, from 1, in the order of the checklist
    #[arg(value_name = "N", required = true)]
    pub(in crate::cli) items: Vec<usize>,
    /// Full name of the person who saw it
    #[arg(long, value_name = "FULL NAME")]
    pub(in crate::cli) by: String,
}
