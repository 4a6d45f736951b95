//! The policy's part on running and importing: hooks, where programs come from, what is compared.

use crate::definition::spans::maybe_span;
use crate::model::Span;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// How hooks run.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RunPolicy {
    /// Directories that programs are taken from, in order; the `PATH` of every hook. `~/` stands
    /// for the home directory.
    pub path: Vec<String>,
    /// Variables that hooks see, and no others; their values are recorded.
    pub environment: Vec<String>,
    /// Variables that hooks see and whose values are redacted.
    pub secrets: Vec<String>,
    /// Logs with more bytes than this are kept out of git.
    pub detach_above: Option<u64>,
    /// Where detached logs can be had, for people.
    pub detached_at: Option<String>,
    /// Most bytes that are kept of what a run says, where the policy says how many.
    pub log_limit: Option<u64>,
    /// Where the trees are made that hooks run in; below `XDG_STATE_HOME` unless said.
    pub trees: Option<String>,
    /// What hooks need that is not in the commit.
    pub carry: Vec<Carry>,
    /// What hooks may leave in their tree and that may go with it, as patterns.
    pub scratch: Vec<String>,
}

impl RunPolicy {
    /// Most bytes that are kept of what a run says: 48 MiB unless the policy says otherwise, so that
    /// every reader takes the log.
    pub fn log_limit(&self) -> u64 {
        self.log_limit.unwrap_or(48 * 1024 * 1024)
    }
}

/// Something that a hook needs and that is not in the release's commit.
#[derive(Clone, Debug, Deserialize)]
pub struct Carry {
    /// A file or directory, relative to the project.
    pub path: String,
    /// What it is to the release.
    pub kind: CarryKind,
    /// The hooks that are given it; all unless said.
    pub hooks: Option<Vec<String>>,
}

impl Carry {
    /// Whether `hook` is given it.
    pub fn is_for(&self, hook: &str) -> bool {
        self.hooks.as_ref().is_none_or(|hooks| hooks.iter().any(|own| own == hook))
    }
}

/// Variables that change what programs run or load, which is told wherever a hook sees one.
const TELLING: [&str; 12] = [
    "SSH_AUTH_SOCK",
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "LD_AUDIT",
    "DYLD_INSERT_LIBRARIES",
    "BASH_ENV",
    "ENV",
    "NODE_OPTIONS",
    "NODE_PATH",
    "PERL5OPT",
    "RUBYOPT",
    "JAVA_TOOL_OPTIONS",
];

/// Whether a variable changes what programs run or load.
pub fn is_telling(name: &str) -> bool {
    TELLING.contains(&name) || ["GIT_", "PYTHON"].iter().any(|own| name.starts_with(own))
}

/// What something that is brought into a hook's tree is to the release.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CarryKind {
    /// A hook made it, and later ones are given it by its digest.
    Output,
    /// It was installed from elsewhere; what was validated is what launches.
    Input,
    /// It is written back when the hook has ended.
    State,
    /// Nothing of it is kept but that it was there.
    Secret,
}

impl CarryKind {
    /// Its name in the policy.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Output => "output",
            Self::Input => "input",
            Self::State => "state",
            Self::Secret => "secret",
        }
    }
}

/// Variables that hold the key which a machine signs with, or its place.
pub const SIGNING_VARIABLES: [&str; 2] = ["D3P_SIGNING_KEY", "D3P_SIGNING_KEY_FILE"];

impl RunPolicy {
    /// Variables of its lists that no hook may see, and where they stand.
    pub fn signing_variables(&self) -> Vec<(String, &str)> {
        let lists = [("environment", &self.environment), ("secrets", &self.secrets)];
        let places = lists.into_iter().flat_map(|(key, names)| {
            let names = names.iter().enumerate();
            names.map(move |(index, name)| (format!("/run/{key}/{index}"), name.as_str()))
        });
        places.filter(|(_, name)| SIGNING_VARIABLES.contains(name)).collect()
    }
}

/// A command of this project's release (P11-A).
#[derive(Clone, Debug, Deserialize)]
pub struct Hook {
    /// The step that it serves; its own name unless said.
    pub step: Option<String>,
    /// Program and arguments, with placeholders.
    pub run: Option<Vec<String>>,
    /// A line for `sh -c` instead, with placeholders.
    pub shell: Option<String>,
    /// The services that it deploys or checks; all unless said.
    pub services: Option<Vec<String>>,
    /// How long it may run.
    #[serde(default, deserialize_with = "maybe_span")]
    pub timeout: Option<Span>,
    /// Files of the release that it runs, besides those that its arguments name.
    #[serde(default)]
    pub scripts: Vec<String>,
    /// Commands that say which version of a tool is used.
    #[serde(default)]
    pub tools: IndexMap<String, Vec<String>>,
    /// The report files that it writes.
    #[serde(default)]
    pub reports: Vec<ReportSpec>,
    /// Whether it is told where the project lies, in `D3P_PROJECT`: to call d3p there.
    #[serde(default)]
    pub project: bool,
}

/// How long a hook may run unless it says so: 30 minutes.
const TIMEOUT: Span = Span::from_seconds(30 * 60);

impl Hook {
    /// The step that it serves.
    pub fn step<'a>(&'a self, name: &'a str) -> &'a str {
        self.step.as_deref().unwrap_or(name)
    }

    /// How long it may run.
    pub fn timeout(&self) -> Span {
        self.timeout.unwrap_or(TIMEOUT)
    }

    /// The command line with its placeholders: of `shell`, the shell's.
    pub fn argv(&self) -> Vec<String> {
        match (&self.run, &self.shell) {
            (Some(argv), _) => argv.clone(),
            (None, Some(line)) => vec!["sh".to_owned(), "-c".to_owned(), line.clone()],
            (None, None) => Vec::new(),
        }
    }

    /// Whether its command names the environment by `{env}`, so that it can be run in each.
    pub fn is_told_where(&self) -> bool {
        self.argv().iter().any(|part| part.contains("{env}"))
    }

    /// Whether its command names the release before.
    pub fn is_told_previous(&self) -> bool {
        self.argv().iter().any(|part| part.contains("{previous}"))
    }

    /// The command line with `{env}`, `{release}`, `{tag}` and `{commit}` filled in, with `{previous}` where
    /// there is a release before, and `{stage}` and `{weight}` where it begins a stage of a rollout.
    pub fn filled(
        &self,
        environment: &str,
        release: &str,
        commit: &str,
        previous: Option<&str>,
        stage: Option<(u64, &str)>,
    ) -> Vec<String> {
        let fill = |part: &String| {
            let part = part
                .replace("{env}", environment)
                .replace("{release}", release)
                .replace("{tag}", release)
                .replace("{commit}", commit);
            let part =
                previous.map_or(part.clone(), |previous| part.replace("{previous}", previous));
            match stage {
                Some((number, weight)) => part
                    .replace("{stage}", &number.to_string())
                    .replace("{weight}", weight.trim_end_matches('%')),
                None => part,
            }
        };
        self.argv().iter().map(fill).collect()
    }
}

/// The command that passes announcements on to people (P11-C1).
#[derive(Clone, Debug, Default, Deserialize)]
pub struct NotifyPolicy {
    /// Program and arguments, with placeholders; none unless said.
    pub run: Option<Vec<String>>,
    /// How long it may take.
    #[serde(default, deserialize_with = "maybe_span")]
    pub timeout: Option<Span>,
}

impl NotifyPolicy {
    /// How long it may take: a minute unless said.
    pub fn timeout(&self) -> Span {
        self.timeout.unwrap_or(Span::from_seconds(60))
    }
}

/// The formats of reports.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportFormat {
    /// JUnit XML.
    Junit,
    /// SARIF 2.1.0.
    Sarif,
    /// Performance JSON.
    Performance,
    /// Prometheus text exposition.
    Prometheus,
    /// Health checks as JSON.
    Health,
    /// What `promtool test rules` says.
    Promtool,
    /// What an engine that moves traffic says of a rollout.
    Engine,
    /// A file that is kept as the release's commit has it.
    File,
    /// A file that configures an environment.
    Configuration,
    /// The pinned baseline.
    Baseline,
}

impl ReportFormat {
    /// Its name in evidence and policy.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Junit => "junit",
            Self::Sarif => "sarif",
            Self::Performance => "performance",
            Self::Prometheus => "prometheus",
            Self::Health => "health",
            Self::Promtool => "promtool",
            Self::Engine => "engine",
            Self::File => "file",
            Self::Configuration => "configuration",
            Self::Baseline => "baseline",
        }
    }
}

/// Report files of one format. Exactly one of the formats is set.
#[derive(Clone, Debug, Deserialize)]
pub struct ReportSpec {
    junit: Option<String>,
    sarif: Option<String>,
    performance: Option<String>,
    prometheus: Option<String>,
    health: Option<String>,
    promtool: Option<String>,
    engine: Option<String>,
    file: Option<String>,
    /// The part of the evidence that files show.
    pub part: Option<String>,
    /// Name of the suite that JUnit files make up together.
    pub suite: Option<String>,
    /// The service that JUnit files check.
    pub service: Option<String>,
}

impl ReportSpec {
    /// The format, and the files as a pattern.
    pub fn files(&self) -> (ReportFormat, &str) {
        [
            (ReportFormat::Junit, &self.junit),
            (ReportFormat::Sarif, &self.sarif),
            (ReportFormat::Performance, &self.performance),
            (ReportFormat::Prometheus, &self.prometheus),
            (ReportFormat::Health, &self.health),
            (ReportFormat::Promtool, &self.promtool),
            (ReportFormat::Engine, &self.engine),
            (ReportFormat::File, &self.file),
        ]
        .into_iter()
        .find_map(|(format, glob)| Some((format, glob.as_deref()?)))
        .unwrap_or((ReportFormat::Junit, ""))
    }
}

/// The configuration of staging and production (P11-2.1).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ConfigurationPolicy {
    /// The files that are compared.
    pub files: Vec<ConfigurationFiles>,
}

/// The files that configure the same thing in both environments.
#[derive(Clone, Debug, Deserialize)]
pub struct ConfigurationFiles {
    /// A short name.
    pub name: String,
    /// The file of staging.
    pub staging: String,
    /// The file of production.
    pub production: String,
}

/// What the validation on staging must show (P11-2.2).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ValidationPolicy {
    /// What performance and suites are compared with.
    pub baseline: Option<Baseline>,
}

/// A pinned baseline: never the last run.
#[derive(Clone, Debug, Deserialize)]
pub struct Baseline {
    /// The release that it was measured on.
    pub release: String,
    /// Where it lies.
    pub path: String,
    /// Its digest.
    pub sha256: String,
}
