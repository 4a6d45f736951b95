//! What several rules need: predicates, sections, machines, windows, runs.

pub(crate) mod advice;
pub(crate) mod announcements;

pub(crate) mod checkpoints;
pub(super) mod doubts;
pub(crate) mod expected;
pub(super) mod faults;
pub(super) mod health;
pub(super) mod inner_times;
pub(crate) mod launch;
pub mod lock;
pub(crate) mod machines;
pub(crate) mod mend;
pub(crate) mod missing_keys;
pub(crate) mod plan;
pub(super) mod predicates;
pub(crate) mod prerequisites;
pub(crate) mod rollout;
pub(crate) mod runs;
pub(crate) mod stamps;
pub(crate) mod values;
pub(crate) mod window;
pub(super) mod words;

pub(super) use crate::project::sections;
