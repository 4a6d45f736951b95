//! The vocabulary: the protocols' words as types.
//!
//! No input or output happens here, and nothing else of this crate is imported. Of all this only an
//! [`Actor`] and a [`ProcessId`] stand in files as they are here.

mod advice;
mod assurance;
mod caller;
mod closing;
mod condition;
mod digest;
mod duration;
mod finding;
mod judgement;
mod metric;
mod outcome;
mod piece;
mod places;
mod process;
mod reason;
mod rule;
mod stamp;
mod state;
mod version;
mod words;

pub use advice::{Actor, Advice, AdviceKind, Placeholder};
pub use assurance::Assurance;
pub use caller::{Caller, CallerKind};
pub use closing::Closing;
pub use condition::{Bound, Conclusion, Condition, Test, turned};
pub use digest::Sha256Digest;
pub use duration::{Span, SpanError};
pub use finding::{Cause, Finding, Level, Location, Mark, Position, Related};
pub use judgement::Judgement;
pub use metric::{Quantity, is_name as is_metric_name};
pub use outcome::StatedOutcome;
pub use piece::Piece;
pub use places::{Places, is_ledger, is_report};
pub use process::ProcessId;
pub use reason::Reason;
pub use rule::{Redirect, Rule};
pub use stamp::{Stamp, StampError};
pub use state::{State, Verdict};
pub use version::{is_later_version, names_version, same_version};
pub use words::{Claim, claims, hollow, is_invisible, letters, stands_elsewhere};
