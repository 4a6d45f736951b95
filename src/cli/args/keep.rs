//! Arguments of the commands that keep and explain: `archive`, `bundle`, `explain`, `schema`, `demo`.

use super::AnchorArgs;
use crate::model::Closing;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p archive                                             after the last gate
  d3p archive --outcome rolled-back                       after a rollback, with its incident
  d3p archive --outcome abandoned --reason \"superseded by v1.4.1 before launch\"")]
pub(in crate::cli) struct ArchiveArgs {
    /// How the release ended
    #[arg(long, value_enum, default_value_t = Outcome::Completed)]
    pub(in crate::cli) outcome: Outcome,
    /// Why, where it was superseded or abandoned
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: Option<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p handoff                                           who is given what, and who took it
  d3p handoff protocol-12 /tmp/monitoring.tar.gz
  d3p handoff protocol-12 --taken-by \"Jonas Weber\"

A gzip stream of a tar archive; its first member lists every file with its digest. The handoff
checklist is complete once each consumer that it names has taken what it is given.")]
pub(in crate::cli) struct HandoffArgs {
    /// To whom; all are listed without one
    #[arg(value_name = "CONSUMER")]
    pub(in crate::cli) consumer: Option<String>,
    /// The file to write; it is never overwritten
    #[arg(value_name = "FILE", conflicts_with = "taken_by")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Record that this person took it
    #[arg(long, value_name = "FULL NAME", requires = "consumer")]
    pub(in crate::cli) taken_by: Option<String>,
}

/// How a release ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum Outcome {
    /// Every gate is passed
    Completed,
    /// Another release took its place
    Superseded,
    /// It was given up
    Abandoned,
    /// It was launched and taken back
    RolledBack,
    /// By the facts of its change nothing was to be deployed: see `d3p skip`
    Skipped,
}

impl Outcome {
    /// As what the release is closed.
    pub(in crate::cli) const fn closing(self) -> Closing {
        match self {
            Self::Completed => Closing::Completed,
            Self::Superseded => Closing::Superseded,
            Self::Abandoned => Closing::Abandoned,
            Self::RolledBack => Closing::RolledBack,
            Self::Skipped => Closing::Skipped,
        }
    }
}

#[derive(Args, Debug)]
#[command(after_help = "\
Looks at the ledger, at every file that it or a gate's record names, and at git, ssh-keygen, clock,
permissions and free space. Copies are looked for in the release itself, in the archives and in git:
every commit, the index, stashes and the log of refs.

--restore brings back only bytes whose digest is known; the ledger becomes the union of the lines of
all its copies. What lay in their place is kept in .d3p/replaced/. Nothing is removed.

Examples:
  d3p doctor
  d3p doctor --restore
  d3p doctor --restore docs/plan.md   as a gate bound it")]
pub(in crate::cli) struct DoctorArgs {
    /// Bring back what can be had back
    #[arg(long)]
    pub(in crate::cli) restore: bool,
    /// Take away files that nothing names; they are kept in .d3p/replaced/
    #[arg(long, conflicts_with = "restore", requires = "paths")]
    pub(in crate::cli) set_aside: bool,
    /// Only these files, by their paths in the project; as a gate bound them, whatever they say now
    #[arg(value_name = "PATH")]
    pub(in crate::cli) paths: Vec<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p bundle create release.tar.gz
  d3p verify release.tar.gz")]
pub(in crate::cli) struct BundleArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: BundleCommand,
}

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum BundleCommand {
    /// Write a bundle: the same bytes for the same files
    Create(BundleCreateArgs),
}

#[derive(Args, Debug)]
#[command(after_help = "\
Packs the files as they lie, committed or not: policy, signers, documents, prerequisites, evidence
with its raw logs and reports, and records; not the artifacts, of which the digests count.

Examples:
  d3p bundle create release.tar.gz                                 the open release
  d3p bundle create v1.4.0.tar.gz .artifacts/releases/v1.4.0+1     an archived one
  d3p verify release.tar.gz                                        on any machine, without git")]
pub(in crate::cli) struct BundleCreateArgs {
    /// The file to write; one that exists is never overwritten
    #[arg(value_name = "FILE.tar.gz")]
    pub(in crate::cli) file: PathBuf,
    /// Project, or archived release; by default the project here
    #[arg(value_name = "DIR")]
    pub(in crate::cli) dir: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
With --html the release is verified, and the page says what came of it: verdict, gates and evidence,
who decided, signals against their thresholds, timeline, incidents, and what is not proven. It is one
file, without scripts and without anything from elsewhere. The exit code is that of d3p verify.

Examples:
  d3p report                       DEPLOYMENT-REPORT.md, from the evidence
  d3p report --html release.html   a page for whoever reads no terminal")]
pub(in crate::cli) struct ReportArgs {
    /// Compile nothing, and write a page about the release to this file instead
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) html: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
A release belongs to a period by its launch; one that was not launched, by its end; one that is open, by
what happened last. What cannot be read is listed whatever the period, and the exit code is 2 then.

Examples:
  d3p population -r . --from 2026-07-01 --to 2026-09-30 --format csv > population.csv
  d3p population -r services archive --format json")]
pub(in crate::cli) struct PopulationArgs {
    /// Every release that is open below these directories, or lies in an archive there
    #[arg(short = 'r', long = "recursive", value_name = "DIR", num_args = 0.., required = true)]
    pub(in crate::cli) dirs: Vec<PathBuf>,
    /// Only from this moment, or day, on
    #[arg(long, value_name = "TIME")]
    pub(in crate::cli) from: Option<String>,
    /// Only up to this moment, or the end of this day
    #[arg(long, value_name = "TIME")]
    pub(in crate::cli) to: Option<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p export oscal > results.json          this release, control by control
  d3p export oscal -r . > results.json     every release below this directory")]
pub(in crate::cli) struct ExportArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: ExportCommand,
}

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum ExportCommand {
    /// Print OSCAL assessment results: what releases show of controls, and what they do not
    Oscal(OscalArgs),
}

#[derive(Args, Debug)]
#[command(after_help = "\
Verifies each release, and tells what came of it for each control of controls.yaml: what serves it, what is
wrong, what a person let stand, and what cannot be proven. The exit code is that of d3p verify.

Examples:
  d3p export oscal > results.json
  d3p export oscal .artifacts/releases/v1.4.0+1
  d3p export oscal -r . --policy-commit 3f2c… > results.json")]
pub(in crate::cli) struct OscalArgs {
    /// Every release that is open below these directories, or lies in an archive there
    #[arg(short = 'r', long)]
    pub(in crate::cli) recursive: bool,
    /// Project, archived release or bundle; with -r any number of directories
    #[arg(value_name = "DIR|BUNDLE")]
    pub(in crate::cli) dirs: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) anchors: AnchorArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p explain GL301
  d3p explain P11-1.1
  d3p explain cm-3           a control of another catalogue, and what serves it
  d3p explain 1              a gate, by its number or id; so with everything that d3p status names
  d3p explain --list         everything that has a name
  d3p explain NAME --format json    what it asks, waits for with its state, unlocks, and who does it")]
pub(in crate::cli) struct ExplainArgs {
    /// Rule, gate, clause, control, evidence, prerequisite, document or step
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: Option<String>,
    /// Everything that has a name, which is also what is shown without one
    #[arg(long)]
    pub(in crate::cli) list: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p schema                              the names
  d3p schema d3p")]
pub(in crate::cli) struct SchemaArgs {
    /// Name of the schema
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: Option<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  d3p demo
  d3p demo --into my-demo && d3p verify my-demo")]
pub(in crate::cli) struct DemoArgs {
    /// Keep the release in this directory, which must be new or empty
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) into: Option<PathBuf>,
}
