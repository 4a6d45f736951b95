//! d3p: the go-live gate that is not hollow.
//!
//! A release's documents and evidence lie in the repository. This library loads them, judges them
//! and says what every gate is worth; the program `d3p` is a thin shell around [`run`].
//!
//! Its interface is [`run`] with an [`Env`], which is the whole outside world as arguments, and the
//! JSON that commands print, whose schemas are published; `examples/may_launch.rs` uses it.
//!
//! Inside, data flows one way: `source` loads a project, `rules` find what is wrong with it,
//! `decide` makes states and verdicts of that, `render` shows them. Commands that write make a plan
//! and apply it whole, in `write`.

mod assets;
mod bundle;
mod cli;
mod collect;
mod decide;
mod decisions;
mod definition;
mod derive;
mod env;
mod http;
mod import;
mod markdown;
mod model;
mod process;
mod project;
mod record;
mod render;
mod rollout;
mod rules;
mod schema;
mod sign;
mod source;
mod text;
mod tree;
mod write;

pub use cli::{command, run};
pub use env::{Env, Exit, Watcher};
pub use model::{Span, SpanError, Stamp, StampError};

/// What the program `d3p` needs beside [`run`]: it watches a hook in a session of its own.
#[doc(hidden)]
pub mod program {
    pub use crate::definition::SIGNING_VARIABLES;
    #[cfg(unix)]
    pub use crate::process::{APART, APART_ON_TERMINAL, DRAIN, Told, drain};
}

#[doc(hidden)]
pub mod testing;
