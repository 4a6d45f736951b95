//! d3p: the go-live gate that is not hollow.

pub mod model;
pub mod schema;
