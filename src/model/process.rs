//! Which process of which machine something is about.

use serde::{Deserialize, Serialize};

/// A process, told apart from every other one that has its number before or after it, or elsewhere.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessId {
    /// Id that the machine's kernel gave itself when it started.
    pub boot: String,
    /// Number of the process.
    pub pid: u32,
    /// When it started, in the kernel's clock ticks since then.
    pub started: u64,
}
