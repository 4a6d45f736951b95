//! d3p: the go-live gate that is not hollow.

pub mod assets;
pub mod collect;
pub mod decide;
pub mod definition;
pub mod markdown;
pub mod model;
pub mod project;
pub mod record;
pub mod rules;
pub mod schema;
pub mod source;
pub mod text;
pub mod write;
