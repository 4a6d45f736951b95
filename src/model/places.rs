//! Where a phase keeps the evidence and records of the release that is open, and of closed ones.

use crate::model::Sha256Digest;
use serde::Deserialize;

/// Ending of an envelope's name.
const ENVELOPE: &str = ".dsse.json";

/// The directories that a phase declares, as it declares them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    evidence: String,
    archives: String,
}

/// The places of one phase, all relative to the project.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(from = "Declared")]
pub struct Places {
    directory: String,
    archives: String,
    waivers: String,
    policy: String,
    contents: String,
    ledger: String,
    objects: String,
    raw: String,
    attempts: String,
    runs: String,
    watched: String,
    imports: String,
    detached: String,
    attestations: String,
}

impl From<Declared> for Places {
    fn from(declared: Declared) -> Self {
        Self::new(&declared.evidence, &declared.archives)
    }
}

/// What is left of `path` below `dir`.
fn below<'a>(path: &'a str, dir: &str) -> Option<&'a str> {
    path.strip_prefix(dir)?.strip_prefix('/')
}

impl Places {
    /// The places of a phase that keeps its release in `directory` and closed ones in `archives`.
    pub fn new(directory: &str, archives: &str) -> Self {
        let within = |name: &str| format!("{directory}/{name}");
        Self {
            directory: directory.to_owned(),
            archives: archives.to_owned(),
            waivers: within("records/waivers.json"),
            policy: within("records/policy.json"),
            contents: within("records/contents.json"),
            ledger: within("records/ledger.jsonl"),
            objects: within("records/objects"),
            raw: within("raw"),
            attempts: within("raw/attempts"),
            runs: within("raw/runs"),
            watched: within("raw/watched"),
            imports: within("raw/imports"),
            detached: within("raw/detached"),
            attestations: within("attestations"),
        }
    }

    /// Directory of the release's evidence and records.
    pub fn directory(&self) -> &str {
        &self.directory
    }

    /// Where closed releases lie.
    pub fn archives(&self) -> &str {
        &self.archives
    }

    /// What people let stand, in signed statements.
    pub fn waivers(&self) -> &str {
        &self.waivers
    }

    /// The frozen policy.
    pub fn policy(&self) -> &str {
        &self.policy
    }

    /// What a release consisted of when it was closed, by digest.
    pub fn contents(&self) -> &str {
        &self.contents
    }

    /// The ledger.
    pub fn ledger(&self) -> &str {
        &self.ledger
    }

    /// Copies of what gates bound, each under its digest.
    pub fn objects(&self) -> &str {
        &self.objects
    }

    /// Raw logs, imported reports and earlier attempts.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// Earlier tries of evidence that was recorded anew.
    pub fn attempts(&self) -> &str {
        &self.attempts
    }

    /// The runs' records, logs and reports.
    pub fn runs(&self) -> &str {
        &self.runs
    }

    /// What was measured while production was watched: of a stage, or of the health window.
    pub fn watched(&self, name: &str, id: &str) -> String {
        format!("{}/{name}-{}.json", self.watched, id.get(..8).unwrap_or(id))
    }

    /// Whether a path is that of such a record.
    pub fn is_watched(&self, path: &str) -> bool {
        below(path, &self.watched)
            .is_some_and(|name| !name.contains('/') && name.ends_with(".json"))
    }

    /// Copies of reports that no run wrote.
    pub fn imports(&self) -> &str {
        &self.imports
    }

    /// Logs that are kept out of git.
    pub fn detached(&self) -> &str {
        &self.detached
    }

    /// Path of a gate's record: `records/1-readiness.json`.
    pub fn gate(&self, number: u32, gate: &str) -> String {
        format!("{}/records/{number}-{gate}.json", self.directory)
    }

    /// Whether a path lies among the open release or the closed ones.
    pub fn holds(&self, path: &str) -> bool {
        [&self.directory, &self.archives].into_iter().any(|dir| below(path, dir).is_some())
    }

    /// Whether a path is that of a record: of a gate, the policy, the ledger or the waivers.
    pub fn is_record(&self, path: &str) -> bool {
        below(path, &self.directory).is_some_and(|rest| rest.starts_with("records/"))
    }

    /// Path of the copy of a bound file.
    pub fn object(&self, digest: Sha256Digest) -> String {
        format!("{}/{digest}", self.objects)
    }

    /// Path of the envelope that signs the file at `path` with these bytes.
    pub fn envelope(&self, path: &str, digest: Sha256Digest) -> String {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.strip_suffix(".json").unwrap_or(name);
        let digest = digest.to_string();
        format!("{}/{stem}-{}{ENVELOPE}", self.attestations, &digest[..16])
    }

    /// Whether a path is that of an envelope.
    pub fn is_envelope(&self, path: &str) -> bool {
        below(path, &self.attestations)
            .is_some_and(|name| !name.contains('/') && name.ends_with(ENVELOPE))
    }

    /// Whether a path is that of an earlier try of evidence.
    pub fn is_attempt(&self, path: &str) -> bool {
        below(path, &self.attempts).is_some()
    }

    /// Whether a path is that of a run's record.
    pub fn is_run(&self, path: &str) -> bool {
        below(path, &self.runs).is_some_and(|name| !name.contains('/') && name.ends_with(".json"))
    }

    /// Beginning of the paths of everything that belongs to a run, without an extension.
    pub fn run(&self, hook: &str, id: &str) -> String {
        format!("{}/{hook}-{}", self.runs, id.get(..8).unwrap_or(id))
    }

    /// Where an attempt lies that was closed; one of that name that is there already is kept.
    pub fn archive(&self, version: &str, attempt: u64, copy: u64) -> String {
        match copy {
            1 => format!("{}/{version}+{attempt}", self.archives),
            copy => format!("{}/{version}+{attempt}.{copy}", self.archives),
        }
    }

    /// The archive that a path leads into, and the path within it; `None` outside of archives.
    pub fn in_archive<'a>(&self, path: &'a str) -> Option<(&'a str, &'a str)> {
        let (_, within) = below(path, &self.archives)?.split_once('/')?;
        Some((&path[..path.len() - within.len() - 1], within))
    }
}

/// Whether a path, of whichever phase, is that of a ledger.
pub fn is_ledger(path: &str) -> bool {
    path.ends_with("/records/ledger.jsonl")
}

/// Whether a path, of whichever phase, is that of the copy of a report: of a run, or imported.
pub fn is_report(path: &str) -> bool {
    let after = |dir: &str| path.split_once(dir).map(|(_, name)| name);
    after("/raw/runs/").is_some_and(|name| name.contains('/')) || after("/raw/imports/").is_some()
}
