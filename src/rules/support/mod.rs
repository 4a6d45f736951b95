//! What several rules need: predicates, persons, sections, approvals, bindings.

pub(crate) mod approval;
pub(crate) mod bound;
pub(crate) mod brings;
pub(crate) mod checkpoints;
pub(super) mod faults;
pub(super) mod health;
pub(crate) mod launch;
pub(crate) mod machines;
pub(crate) mod objection;
pub(super) mod person;
pub(super) mod predicates;
pub(crate) mod prerequisites;
pub(crate) mod rollback;
pub(crate) mod runs;
pub(crate) mod separation;
pub(crate) mod signed;
pub(crate) mod standing;
pub(crate) mod telling;
pub(crate) mod values;
pub(crate) mod waiver;
pub(crate) mod window;

pub(super) use crate::derive::sections;
