//! d3p: the go-live gate that is not hollow.

pub mod collect;
pub mod model;
pub mod source;
pub mod text;
pub mod write;
