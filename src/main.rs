//! The `d3p` program.
fn main() {}
