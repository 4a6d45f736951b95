//! Records: the ledger and the gate records, as texts.
//!
//! Pure: builds and reads bytes. Whether a record is to be believed is for `rules` and `decide`;
//! a stored verdict is never an authority.

mod attestation;
mod authorship;
mod contents;
mod entry;
mod gate_record;
mod ledger;
mod lineage;
mod lock;
mod published;
mod run;
mod union;
mod used_waiver;
mod watched;

pub use attestation::{Attested, EVIDENCE_PREDICATE, EvidenceStatement};
pub use authorship::{Authorship, CheckedChange, CheckedFix, Reassigned};
pub use contents::Contents;
pub use entry::{
    Decided, Ending, Entry, EntryKind, FileDigest, Handoff, Signed, Status, Timestamp,
};
pub use gate_record::{Bound, GateRecord, GateRecordClaims, RECORD_PREDICATE, RecordedLog};
pub use ledger::{Ledger, Line, MOST_FAULTS};
pub use lineage::{History, Lineage};
pub use lock::{LaunchOf, LockRehearsal, TakenLock, lock_text, locked_by};
pub use published::Published;
pub use run::{
    BegunStage, Carried, Ended, Import, RUN_SCHEMA, RanProgram, RanService, Run, RunLog,
    RunMarkers, Script, StillRunning,
};
pub use union::{Union, union};
pub use used_waiver::{UsedWaiver, finding_place};
pub use watched::{Answer, Probed, WATCHED_SCHEMA, Watched};

/// in-toto Statement v1: the type of everything that people and machines sign.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// Most attempts at one release.
pub const MOST_ATTEMPTS: u64 = 999;
/// Most archives of one attempt.
pub const MOST_COPIES: u64 = 20;

/// Digest of a text together with the signature beside it: to name it, one must have had both.
pub fn signed_digest(text: &str, signature: &str) -> crate::model::Sha256Digest {
    crate::model::Sha256Digest::of(format!("{text}\n{signature}").as_bytes())
}
