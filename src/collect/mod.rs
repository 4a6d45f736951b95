//! Collectors: they bring in what really happened, and never judge it.

pub mod git;
