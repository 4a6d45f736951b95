//! What a phase demands and what a project decided: `phase.yaml` and `d3p.yaml` as types.
//!
//! Text in, types out. Files are read by `source`; here a mistake becomes a fault with a place.

mod announcements;
mod consumer;
pub(crate) mod controls;
mod effective;
mod evidence;
mod facts;
pub(crate) mod folder;
mod hooks;
mod launch_lock;
mod loosening;
mod mistakes;
mod operand;
mod parts;
mod phase;
mod policy;
mod predicate;
mod prerequisite;
mod recommended;
mod references;
mod roles;
mod rollout;
mod schedule;
mod spans;
mod timestamp;

pub use announcements::{Announcement, Claim};
pub use consumer::ConsumerDef;
pub use controls::{Catalogue, Control};
pub use effective::Effective;
pub use evidence::{
    Dated, Derivation, EvidenceDef, EvidenceFormat, Exemption, FamilyDef, FilesKind, NativeCheck,
    Obligation, PartDef, ReportOf, ThresholdSource, WindowPlan,
};
pub use facts::{AppliesDef, EmergencyDef, FactCondition, ReasonDef, told};
pub use folder::Folder;
pub use hooks::{
    Baseline, Carry, CarryKind, Hook, ReportFormat, ReportSpec, RunPolicy, SIGNING_VARIABLES,
    is_telling,
};
pub use launch_lock::LaunchLock;
pub use loosening::{Change, Direction, changes};
pub use mistakes::{Mistake, mistakes};
pub use operand::Operand;
pub use parts::{PolicyPart, colliding, misplaced, parts};
pub use phase::{
    Before, Cause, CellType, Checkpoint, ExitDef, Failure, GateDef, Hold, Phase, PutBy, SectionDef,
    SectionRole, StepDef, TableDef,
};
#[cfg(test)]
pub use policy::HealthPart;
pub use policy::{
    ApprovalPolicy, DecisionPolicy, DenyWindow, EmergencyPolicy, HealthPolicy, Machine, Person,
    Policy, RollbackWay,
};
pub use predicate::{Predicate, PredicateOp};
pub use prerequisite::{Counts, LookedAt, PrerequisiteDef, Silence, Target};
pub use recommended::{Looser, looser_than_recommended};
pub use references::unknown_references;
pub use rollout::{MetricServer, MetricSource, MetricsPolicy};
pub use schedule::ScheduleDef;
pub use timestamp::TimestampPolicy;
