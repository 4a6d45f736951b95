//! Rules that a test switched off, to see whether the counter-cases of a clause notice.
//!
//! Only the package's own tests can do that: nothing of the command line, of a file or of a variable
//! leads here.

use crate::model::Finding;
use std::cell::RefCell;
use std::collections::BTreeSet;

thread_local! {
    /// For a thread: tests beside it keep all of their rules.
    static OFF: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Lets the rules of these codes, and no others, find nothing in this thread from now on.
pub fn switch_off(codes: impl IntoIterator<Item = String>) {
    OFF.set(codes.into_iter().collect());
}

/// Leaves what the rules found that are switched on.
pub(crate) fn leave(findings: &mut Vec<Finding>) {
    OFF.with_borrow(|off| {
        if !off.is_empty() {
            findings.retain(|finding| !off.contains(finding.rule.code));
        }
    });
}
