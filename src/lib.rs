//! d3p: the go-live gate that is not hollow.

pub mod definition;
pub mod model;
pub mod record;
