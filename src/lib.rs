//! d3p: the go-live gate that is not hollow.
//!
//! A release's documents and evidence lie in the repository. This library loads them, judges them
//! and says what every gate is worth; the program `d3p` is a thin shell around [`run`].
//!
//! Data flows one way: `source` loads a [`project::Project`], `rules` find what is wrong with it,
//! `decide` makes states and verdicts of that, `render` shows them. Commands that write make a plan
//! and apply it whole, in `write`.

pub mod assets;
pub mod bundle;
pub mod cli;
pub mod collect;
pub mod decide;
pub mod decisions;
pub mod definition;
pub mod derive;
mod env;
pub mod import;
pub mod markdown;
pub mod model;
pub mod process;
pub mod project;
pub mod record;
pub mod render;
pub mod rules;
pub mod schema;
pub mod sign;
pub mod source;
pub mod text;
pub mod tree;
pub mod write;

pub use cli::run;
pub use env::{Env, Exit, Watcher};
