//! Statements that people sign: the exact text that a decision is (P11-3.1, X-3).
//!
//! One line of canonical ASCII JSON, an in-toto Statement. Keys and meanings are fixed here and in
//! the schemas, so that the bytes that are signed are the bytes that are read. Every kind of
//! decision begins with the same [`Head`] and says besides what only it says.

use crate::definition::{ApprovalPolicy, DecisionPolicy};
use crate::model::{Reason, Sha256Digest, Stamp};
use crate::project::{Project, Release};
use crate::record::{FileDigest, STATEMENT_TYPE};
use crate::text::{Fault, canonical, json};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where every decision applies: the one environment that a launch is about.
const ENVIRONMENT: &str = "production";

/// A kind of decision: what its statements say besides the head, and which part of the policy
/// governs them.
pub trait Kind: Serialize + DeserializeOwned {
    /// Its predicate type: a statement of one kind never counts as one of another.
    const TYPE: &'static str;
    /// Name of the schema of such statements.
    const SCHEMA: &'static str;
    /// The member of its file that lists the statements.
    const LIST: &'static str = "decisions";

    /// Who decides, and about what.
    fn head(&self) -> &Head;

    /// How many persons it takes, in which roles, and for how long it counts.
    fn policy(approval: &ApprovalPolicy) -> &DecisionPolicy;
}

/// What every decision says: who decides, about which release, knowing what, and until when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    /// The person who decides, by full name.
    pub person: String,
    /// What `.d3p/allowed_signers` calls them, such as `ana@example.com`; absent where nothing is
    /// signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// The role that they decide in; only the policy says who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Release version.
    pub release: String,
    /// Full commit id.
    pub commit: String,
    /// Attempt, from 1.
    pub attempt: u64,
    /// `production`.
    pub environment: String,
    /// The effective policy.
    pub policy: PolicyDigest,
    /// Heads of the ledger when the decision was made.
    pub ledger_heads: Vec<String>,
    /// 128 random bits in hexadecimal.
    pub nonce: String,
    /// When, by the writer's clock (a claim).
    pub decided_at: String,
    /// When the decision ends.
    pub not_after: String,
}

/// Digest of the effective policy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDigest {
    /// Lower-case SHA-256.
    pub sha256: String,
}

/// Who is about to decide, and when.
#[derive(Clone, Debug)]
pub struct Decider<'a> {
    /// Full name.
    pub person: &'a str,
    /// What the allowed signers call them, where the decision is signed.
    pub principal: Option<&'a str>,
    /// The role they decide in.
    pub role: Option<&'a str>,
    /// 128 random bits in hexadecimal.
    pub nonce: String,
    /// Now.
    pub now: Stamp,
}

impl Head {
    /// The head of a decision about `release` that is made now and counts until `not_after`.
    pub fn new(
        project: &Project,
        release: &Release,
        decider: &Decider<'_>,
        not_after: Stamp,
    ) -> Self {
        Self {
            person: decider.person.split_whitespace().collect::<Vec<_>>().join(" "),
            principal: decider.principal.map(str::to_owned),
            role: decider.role.map(str::to_owned),
            release: release.version.clone(),
            commit: release.commit.clone(),
            attempt: release.attempt,
            environment: ENVIRONMENT.to_owned(),
            policy: PolicyDigest { sha256: project.effective().digest.to_string() },
            ledger_heads: project.ledger.heads().iter().map(Sha256Digest::to_string).collect(),
            nonce: decider.nonce.clone(),
            decided_at: decider.now.to_string(),
            not_after: not_after.to_string(),
        }
    }

    /// Whether it is about `commit`, in whatever attempt at `version`: what an objection binds.
    pub fn is_about(&self, version: &str, commit: &str) -> bool {
        self.release == version && self.commit == commit
    }

    /// What it was decided about that is another one here: what, which one then, which one now.
    pub fn differences(&self, release: &Release) -> Vec<(&'static str, String, String)> {
        let mut pairs = vec![
            ("release", self.release.clone(), release.version.clone()),
            ("commit", self.commit.clone(), release.commit.clone()),
            ("attempt", self.attempt.to_string(), release.attempt.to_string()),
            ("environment", self.environment.clone(), ENVIRONMENT.to_owned()),
        ];
        pairs.retain(|(_, then, now)| then != now);
        pairs
    }

    /// The policy that it was decided under and the one that governs here, where they differ.
    pub fn policy_difference(&self, project: &Project) -> Option<(&'static str, String, String)> {
        let now = project.effective().digest.to_string();
        (self.policy.sha256 != now).then(|| ("policy", self.policy.sha256.clone(), now))
    }
}

/// An in-toto Statement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Statement<K> {
    /// Always [`STATEMENT_TYPE`].
    #[serde(rename = "_type")]
    pub statement_type: String,
    /// What it is about: the commit and the artifacts.
    pub subject: Vec<Value>,
    /// Always [`Kind::TYPE`].
    pub predicate_type: String,
    /// What it says.
    pub predicate: K,
}

impl<K: Kind> Statement<K> {
    /// A statement about `subject`.
    pub fn new(subject: Vec<Value>, predicate: K) -> Self {
        Self {
            statement_type: STATEMENT_TYPE.to_owned(),
            subject,
            predicate_type: K::TYPE.to_owned(),
            predicate,
        }
    }

    /// The exact text that is signed: canonical ASCII JSON on one line, without a line feed.
    pub fn to_text(&self) -> String {
        canonical::to_canonical(&serde_json::json!(self))
    }

    /// Reads a statement: canonical ASCII JSON that re-serialises to itself, of exactly this kind.
    ///
    /// # Errors
    /// A sentence that says why it is none.
    pub fn read(text: &str) -> Result<Self, Reason> {
        let first = |faults: Vec<Fault>| {
            let first = faults.into_iter().next();
            first.map_or_else(|| "it is not JSON".to_owned(), |fault| fault.message)
        };
        let value = json::parse(text).map_err(first)?;
        if canonical::to_canonical(&value) != text {
            return Err("it is not canonical JSON: it does not re-serialise to itself".into());
        }
        let faults = crate::schema::validate(K::SCHEMA, &value);
        if let Some(fault) = faults.into_iter().flatten().next() {
            return Err(format!("{} (at {})", fault.message, fault.pointer).into());
        }
        let statement: Self = serde_json::from_value(value).map_err(|error| error.to_string())?;
        if statement.statement_type != STATEMENT_TYPE || statement.predicate_type != K::TYPE {
            return Err("it is a statement of another type".into());
        }
        Ok(statement)
    }
}

/// One decision: its exact text, and what it says when it can be understood.
#[derive(Clone, Debug)]
pub struct Decision<K> {
    /// Its place in the list of its file.
    pub index: usize,
    /// The exact text.
    pub text: String,
    /// The armored signature beside it.
    pub signature: Option<String>,
    /// What it says; or why it cannot be understood.
    pub statement: Result<Statement<K>, Reason>,
}

impl<K: Kind> Decision<K> {
    /// Reads one.
    pub fn read(index: usize, text: &str, signature: Option<&str>) -> Self {
        let signature = signature.map(str::to_owned);
        Self { index, text: text.to_owned(), signature, statement: Statement::read(text) }
    }

    /// What it says, when it can be understood.
    pub fn said(&self) -> Option<&K> {
        self.statement.as_ref().ok().map(|statement| &statement.predicate)
    }

    /// Digest of the exact text.
    pub fn digest(&self) -> Sha256Digest {
        Sha256Digest::of(self.text.as_bytes())
    }

    /// When it was made, as it claims.
    pub fn decided_at(&self) -> Option<Stamp> {
        Stamp::parse(&self.said()?.head().decided_at).ok()
    }

    /// When it ends: the earlier of what it says itself and what the policy allows.
    pub fn ends(&self, project: &Project) -> Option<Stamp> {
        let decided = self.decided_at()?;
        let own = Stamp::parse(&self.said()?.head().not_after).unwrap_or(decided);
        let policy = K::policy(&project.effective().policy.approval);
        Some(own.min(decided.plus(policy.max_age)))
    }

    /// The pointer to its statement.
    pub fn pointer(&self) -> String {
        format!("/{}/{}/statement", K::LIST, self.index)
    }

    /// As it stands in its file: the text, and the signature beside it.
    pub fn to_value(&self) -> Value {
        serde_json::json!({ "statement": self.text, "signature": self.signature })
    }
}

/// Every decision of a file, in its order.
pub fn decisions_of<K: Kind>(value: Option<&Value>) -> Vec<Decision<K>> {
    let list = value.and_then(|value| value.get(K::LIST)).and_then(Value::as_array);
    let read = |(index, decision): (usize, &Value)| {
        let text = decision.get("statement").and_then(Value::as_str).unwrap_or_default();
        Decision::read(index, text, decision.get("signature").and_then(Value::as_str))
    };
    list.into_iter().flatten().enumerate().map(read).collect()
}

/// What became of files between two lists of digests.
pub fn changed_files(was: &[FileDigest], now: &[FileDigest]) -> Vec<String> {
    let in_list = |list: &[FileDigest], path: &str| list.iter().any(|file| file.path == path);
    let mut out: Vec<String> = now
        .iter()
        .filter(|file| !was.contains(file))
        .map(|file| {
            let word = if in_list(was, &file.path) { "changed" } else { "added" };
            format!("{word} {}", file.path)
        })
        .collect();
    let gone = was.iter().filter(|file| !in_list(now, &file.path));
    out.extend(gone.map(|file| format!("removed {}", file.path)));
    out
}
