//! Production judged while it happens: the stages of a rollout, what the answers of a metric server
//! come to, and how far a rollout is (DLC-5, DLC-6).
//!
//! Pure. Whoever asks the server keeps its answers as they came; what they are worth is computed
//! here, for the command that watches, for the rules and for every later verification alike.

mod answer;
mod engine;
mod faults;
mod judge;
mod moments;
mod plan;
mod progress;
mod promql;
mod queries;
mod questions;
mod window;

pub use answer::reading_of;
pub use faults::faults;
pub use judge::{Judged, Told, judge};
pub use plan::{Plan, Stage, plan};
pub use progress::{
    Progress, StageProgress, State, advancing_step, judged, newest, next_stage, progress,
};
pub use queries::{doubtful_queries, judged_metrics};
pub use questions::{Questions, questions};
pub use window::{check_ins, window_moments, window_queries};

#[cfg(test)]
mod tests;
