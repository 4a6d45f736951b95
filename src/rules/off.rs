//! Rules that a test switched off, to see whether the counter-cases of a clause notice.
//!
//! Only the package's own tests can do that: nothing of the command line, of a file or of a variable
//! leads here.

use crate::model::Finding;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// For the whole process, and only once: a rule that comes and goes would show nothing.
static OFF: OnceLock<BTreeSet<String>> = OnceLock::new();

/// Lets the rules of these codes find nothing from now on; a second call changes nothing.
pub fn switch_off(codes: impl IntoIterator<Item = String>) {
    OFF.get_or_init(|| codes.into_iter().collect());
}

/// Leaves what the rules found that are switched on.
pub(crate) fn leave(findings: &mut Vec<Finding>) {
    if let Some(off) = OFF.get() {
        findings.retain(|finding| !off.contains(finding.rule.code));
    }
}
