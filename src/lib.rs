//! d3p: the go-live gate that is not hollow.

pub mod markdown;
pub mod model;
pub mod text;
