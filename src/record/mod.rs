//! Records: the ledger and the gate records, as texts.
//!
//! Pure: builds and reads bytes. Whether a record is to be believed is for `rules` and `decide`;
//! a stored verdict is never an authority.

mod attestation;
mod authorship;
mod entry;
mod gate_record;
mod ledger;
mod lineage;
mod run;
mod used_waiver;

pub use attestation::{
    Attested, EVIDENCE_PREDICATE, EvidenceStatement, envelope_path, is_envelope_path,
};
pub use authorship::Authorship;
pub use entry::{Closing, Decided, Ending, Entry, EntryKind, FileDigest, RecordRef, Status};
pub use gate_record::{Bound, GateRecord, GateRecordClaims, RECORD_PREDICATE, RecordedLog};
pub use ledger::{Ledger, Line};
pub use lineage::{History, Lineage};
pub use run::{
    Carried, DETACHED_DIR, Ended, IMPORTS_DIR, Import, RUN_SCHEMA, RUNS_DIR, RanProgram,
    RanService, Run, RunLog, RunMarkers, Script, is_report_path, is_run_path,
};
pub use used_waiver::{UsedWaiver, finding_place};

/// in-toto Statement v1: the type of everything that people and machines sign.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// Where closed releases lie, relative to the project.
pub const ARCHIVES_DIR: &str = ".artifacts/releases";
/// Most attempts at one release.
pub const MOST_ATTEMPTS: u64 = 999;
/// Most archives of one attempt.
pub const MOST_COPIES: u64 = 20;

/// Where an attempt lies that was closed; one of that name that is there already is kept.
pub fn archive_path(version: &str, attempt: u64, copy: u64) -> String {
    match copy {
        1 => format!("{ARCHIVES_DIR}/{version}+{attempt}"),
        copy => format!("{ARCHIVES_DIR}/{version}+{attempt}.{copy}"),
    }
}
/// The archive that a path leads into, and the path within it; `None` outside of archives.
pub fn in_archive(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix(ARCHIVES_DIR)?.strip_prefix('/')?;
    let (_, within) = rest.split_once('/')?;
    Some((&path[..path.len() - within.len() - 1], within))
}

/// Directory of a release's evidence and records, relative to the project.
pub const DEPLOYMENT_DIR: &str = ".artifacts/deployment";
/// What people let stand, in signed statements.
pub const WAIVERS_PATH: &str = ".artifacts/deployment/records/waivers.json";
/// The frozen policy.
pub const POLICY_PATH: &str = ".artifacts/deployment/records/policy.json";
/// The ledger.
pub const LEDGER_PATH: &str = ".artifacts/deployment/records/ledger.jsonl";
/// Copies of what gates bound, each under its digest.
pub const OBJECTS_DIR: &str = ".artifacts/deployment/records/objects";
/// Raw logs, imported reports and earlier attempts.
pub const RAW_DIR: &str = ".artifacts/deployment/raw";
/// Earlier tries of evidence that was recorded anew.
pub const ATTEMPTS_DIR: &str = ".artifacts/deployment/raw/attempts";

/// Whether a path is that of an earlier try of evidence.
pub fn is_attempt_path(path: &str) -> bool {
    path.strip_prefix(ATTEMPTS_DIR).is_some_and(|rest| rest.starts_with('/'))
}

/// Digest of a text together with the signature beside it: to name it, one must have had both.
pub fn signed_digest(text: &str, signature: &str) -> crate::model::Sha256Digest {
    crate::model::Sha256Digest::of(format!("{text}\n{signature}").as_bytes())
}

/// Path of a gate's record: `records/1-readiness.json`.
pub fn gate_record_path(number: u32, gate: &str) -> String {
    format!("{DEPLOYMENT_DIR}/records/{number}-{gate}.json")
}

/// Path of the copy of a bound file.
pub fn object_path(digest: crate::model::Sha256Digest) -> String {
    format!("{OBJECTS_DIR}/{digest}")
}
