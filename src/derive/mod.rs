//! What follows from the files alone: the compiled report, the workflow state, the observations.
//!
//! Pure functions of a project and of a moment. Commands write what they give; rules compute it
//! again and compare, so that nothing that is derived has to be believed.

pub mod approval;
pub(crate) mod health;
pub mod observations;
pub mod report;
pub(crate) mod sections;
mod view;
pub mod workflow;

pub use view::{Moment, View};
