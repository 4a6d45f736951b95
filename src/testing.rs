//! What this package's own tests, benchmarks, fuzz targets and generators use of the inside.
//!
//! It is no interface: whatever stands here may change at any time. Each item is named, so that
//! what only lies around is still seen as dead.

pub mod assets {
    pub use crate::assets::{demo_body, example, files};
}

pub mod bundle {
    pub use crate::bundle::{
        Broken, LIMITS, Limits, Manifest, Member, PackError, ProblemKind, Unpacked, pack, unpack,
    };
}

pub mod cli {
    pub use crate::cli::{Code, command, demo};
}

pub mod decide {
    pub use crate::decide::assess;
}

pub mod decisions {
    pub use crate::decisions::{
        Approval, ApprovalRequest, ApprovalStatement, Current, Decider, GO, Head, PolicyDigest,
        approval_statement, decisions, signer,
    };
}

pub mod definition {
    pub use crate::definition::{EvidenceDef, Obligation, Phase, ReportOf, mistakes};
}

pub mod derive {
    pub use crate::derive::{Moment, observations, report};
}

pub mod import {
    pub use crate::import::{
        ImportError, Source, checks, copy, decode, junit, markers, performance, prometheus,
        read_text, sarif,
    };
}

pub mod markdown {
    pub use crate::markdown::parse;
}

pub mod model {
    pub use crate::model::{Caller, CallerKind, Level, Places, Rule, Sha256Digest, Span, Stamp};
}

pub mod process {
    pub use crate::process::Redactor;
}

pub mod record {
    pub use crate::record::{
        Attested, Decided, Ended, Ending, Entry, EntryKind, EvidenceStatement, FileDigest, Ledger,
    };
}

pub mod rules {
    pub use crate::rules::{RULES, switch_off};
}

pub mod schema {
    pub use crate::schema::{RuntimeSchema, SchemaFault, names, text, validate};
}

pub mod sign {
    pub use crate::sign::{
        AllowedSigners, Envelope, MachineSecret, NAMESPACE, Presence, PublicKey, SignerLine,
        SshSignature, pae, timestamp,
    };
}

pub mod source {
    pub use crate::source::{
        Root, counting_reads, embedded, embedded_phase, embedded_phases, limit_of, list_files,
        load_project, read_policy,
    };
}

pub mod text {
    pub use crate::text::{canonical, yaml};
}

pub mod write {
    pub use crate::write::Lock;
}
