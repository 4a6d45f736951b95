//! Gate records: in-toto Statement v1 with a SLSA Verification Summary (VSA v1) as predicate.

use crate::model::{Sha256Digest, Stamp};
use crate::record::{STATEMENT_TYPE, UsedWaiver};
use serde_json::{Map, Value, json};

/// Predicate type of a gate record.
pub const RECORD_PREDICATE: &str = "https://slsa.dev/verification_summary/v1";
/// Key of our own extension inside the predicate; VSA wants extensions named by URI.
const EXTENSION: &str = "https://d3p.dev/extensions/gate/v1";
const VERIFIER: &str = "https://d3p.dev/verifier/v1";

/// Something a gate binds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Bound {
    /// A whole file.
    File {
        /// Path from the project's root.
        path: String,
        /// Digest of its bytes.
        digest: Sha256Digest,
    },
    /// An append-only file: its head and its entries so far.
    Log(RecordedLog),
}

/// An append-only file as a gate bound it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordedLog {
    /// Path from the project's root.
    pub path: String,
    /// Digest of everything before the first entry.
    pub head: Sha256Digest,
    /// Digests of the entries, in order.
    pub entries: Vec<Sha256Digest>,
    /// Digest of the whole file at that moment: the name of its copy.
    pub object: Sha256Digest,
}

impl RecordedLog {
    /// The same log once `line` was added to `text`, its present content.
    pub fn add(&mut self, text: &str, line: &str) {
        self.entries.push(Sha256Digest::of(line.as_bytes()));
        self.object = Sha256Digest::of(format!("{text}{line}\n").as_bytes());
    }

    /// One digest over head and entries, which later entries leave alone.
    pub fn digest(&self) -> Sha256Digest {
        let mut text = self.head.to_string();
        for entry in &self.entries {
            text.push('\n');
            text.push_str(&entry.to_string());
        }
        Sha256Digest::of(text.as_bytes())
    }
}

impl Bound {
    /// Path from the project's root.
    pub fn path(&self) -> &str {
        match self {
            Self::File { path, .. } => path,
            Self::Log(log) => &log.path,
        }
    }

    /// The digest that the record lists for it.
    pub fn digest(&self) -> Sha256Digest {
        match self {
            Self::File { digest, .. } => *digest,
            Self::Log(log) => log.digest(),
        }
    }

    /// The name of its copy in `objects/`.
    pub fn object(&self) -> Sha256Digest {
        match self {
            Self::File { digest, .. } => *digest,
            Self::Log(log) => log.object,
        }
    }
}

/// Everything a gate record is made of.
#[derive(Clone, Debug)]
pub struct GateRecord<'a> {
    /// Gate id.
    pub gate: &'a str,
    /// Gate number.
    pub number: u32,
    /// Repository, `owner/name`.
    pub repository: &'a str,
    /// Release version.
    pub release: &'a str,
    /// Full commit id.
    pub commit: &'a str,
    /// Attempt, from 1.
    pub attempt: u64,
    /// Artifact names and digests.
    pub artifacts: &'a [(String, String)],
    /// Everything bound, sorted by path.
    pub bound: Vec<Bound>,
    /// Digests of single decisions inside bound files: uri → digest.
    pub decisions: Vec<(String, Sha256Digest)>,
    /// Path and digest of the frozen policy.
    pub policy: (&'a str, Sha256Digest),
    /// Path and digest of the previous gate's record.
    pub previous: Option<(String, Sha256Digest)>,
    /// Everything that removed an obligation, in words.
    pub exemptions: Vec<String>,
    /// Where the signed statements of waivers lie.
    pub waivers_path: &'a str,
    /// What it was passed with, though a rule found something.
    pub waivers: Vec<UsedWaiver>,
    /// Whether the release is the tool's demonstration.
    pub demo: bool,
    /// What cannot be recomputed.
    pub claims: GateRecordClaims,
}

/// The parts of a record that are claims: nothing else can reproduce them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GateRecordClaims {
    /// When the gate was computed.
    pub time_verified: Stamp,
    /// Id of the ledger line that carries this record's digest.
    pub ledger_entry: String,
    /// Version of d3p that computed it.
    pub verifier_version: String,
    /// The append-only files as they were then.
    pub logs: Vec<RecordedLog>,
    /// Paths and uris it lists; used only for evidence that need not be there.
    pub listed: Vec<String>,
}

impl GateRecord<'_> {
    /// The level name: `D3P_GATE_1_READINESS`, or another one where something was waived, which
    /// whoever asks for the plain level does not accept.
    pub fn level(&self) -> String {
        let suffix = if self.waivers.is_empty() { "" } else { "_WITH_WAIVER" };
        format!("D3P_GATE_{}_{}{suffix}", self.number, self.gate.to_uppercase().replace('-', "_"))
    }

    /// The record's bytes: pretty JSON with a final newline, the same for the same input.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(&self.to_value()).expect("a JSON value");
        text.push('\n');
        text
    }

    fn to_value(&self) -> Value {
        let mut subject = vec![json!({
            "name": format!("git+{}@{}", self.repository, self.release),
            "digest": { "gitCommit": self.commit },
        })];
        subject.extend(
            self.artifacts
                .iter()
                .map(|(name, sha256)| json!({ "name": name, "digest": { "sha256": sha256 } })),
        );
        let file = |uri: &str, digest: Sha256Digest| json!({ "uri": uri, "digest": { "sha256": digest.to_string() } });
        let mut inputs: Vec<Value> =
            self.bound.iter().map(|bound| file(bound.path(), bound.digest())).collect();
        inputs.extend(self.decisions.iter().map(|(uri, digest)| file(uri, *digest)));
        // Each statement by its digest, not by its place: another waiver moves none of them.
        inputs.extend(self.waivers.iter().flat_map(|waiver| &waiver.statements).map(|sha256| {
            json!({ "uri": format!("{}#sha256:{sha256}", self.waivers_path), "digest": { "sha256": sha256 } })
        }));
        inputs.extend(self.previous.iter().map(|(path, digest)| file(path, *digest)));
        let (policy_path, policy_digest) = &self.policy;
        json!({
            "_type": STATEMENT_TYPE,
            "subject": subject,
            "predicateType": RECORD_PREDICATE,
            "predicate": {
                "verifier": { "id": VERIFIER, "version": { "d3p": self.claims.verifier_version } },
                "timeVerified": self.claims.time_verified.to_string(),
                "resourceUri": format!(
                    "d3p:{}@{}?attempt={}&gate={}&env=production",
                    self.repository, self.release, self.attempt, self.gate
                ),
                "policy": file(policy_path, *policy_digest),
                "inputAttestations": inputs,
                "verificationResult": "PASSED",
                "verifiedLevels": [self.level()],
                EXTENSION: self.extension(),
            },
        })
    }

    fn extension(&self) -> Value {
        let logs = self.bound.iter().filter_map(|bound| match bound {
            Bound::File { .. } => None,
            Bound::Log(log) => Some(json!({
                "path": log.path,
                "head": log.head.to_string(),
                "entries": log.entries.iter().map(Sha256Digest::to_string).collect::<Vec<_>>(),
                "object": log.object.to_string(),
            })),
        });
        let mut extension = Map::new();
        extension.insert("gate".to_owned(), json!(self.gate));
        extension.insert("ledgerEntry".to_owned(), json!(self.claims.ledger_entry));
        extension.insert("logs".to_owned(), logs.collect());
        extension.insert("exemptions".to_owned(), json!(self.exemptions));
        if !self.waivers.is_empty() {
            extension.insert("waivers".to_owned(), json!(self.waivers));
        }
        if self.demo {
            extension.insert("demo".to_owned(), json!(true));
        }
        Value::Object(extension)
    }
}

impl GateRecordClaims {
    /// Reads the claims out of a record; `None` when it does not have the shape.
    pub fn read(record: &Value) -> Option<Self> {
        let predicate = record.get("predicate")?;
        let extension = predicate.get(EXTENSION)?;
        let digest = |value: &Value| Sha256Digest::parse(value.as_str()?);
        let logs = extension.get("logs")?.as_array()?.iter().map(|log| {
            Some(RecordedLog {
                path: log.get("path")?.as_str()?.to_owned(),
                head: digest(log.get("head")?)?,
                entries: log
                    .get("entries")?
                    .as_array()?
                    .iter()
                    .map(digest)
                    .collect::<Option<_>>()?,
                object: digest(log.get("object")?)?,
            })
        });
        Some(Self {
            time_verified: Stamp::parse(predicate.get("timeVerified")?.as_str()?).ok()?,
            ledger_entry: extension.get("ledgerEntry")?.as_str()?.to_owned(),
            verifier_version: predicate
                .get("verifier")?
                .get("version")?
                .get("d3p")?
                .as_str()?
                .to_owned(),
            logs: logs.collect::<Option<_>>()?,
            listed: Self::recorded_inputs(record).map(|(uri, _)| uri.to_owned()).collect(),
        })
    }

    /// The gate that a record says it is of, and what it says of the release.
    pub fn recorded_gate(record: &Value) -> Option<(&str, &str)> {
        let predicate = record.get("predicate")?;
        let gate = predicate.get(EXTENSION)?.get("gate")?.as_str()?;
        Some((gate, predicate.get("resourceUri")?.as_str()?))
    }

    /// The waivers that a record says it was passed with. Used only to tell of them.
    pub fn recorded_waivers(record: &Value) -> Vec<UsedWaiver> {
        let listed = record.get("predicate").and_then(|predicate| predicate.get(EXTENSION));
        let listed = listed.and_then(|extension| extension.get("waivers")).cloned();
        listed.and_then(|listed| serde_json::from_value(listed).ok()).unwrap_or_default()
    }

    /// The files a record says it bound: path → digest. Used only to name what differs.
    pub fn recorded_inputs(record: &Value) -> impl Iterator<Item = (&str, &str)> {
        let inputs = record.get("predicate").and_then(|own| own.get("inputAttestations"));
        let inputs = inputs.and_then(Value::as_array).into_iter().flatten();
        inputs.filter_map(|input| {
            Some((input.get("uri")?.as_str()?, input.get("digest")?.get("sha256")?.as_str()?))
        })
    }
}
