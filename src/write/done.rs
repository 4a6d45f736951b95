//! What the command that runs on this thread has changed so far: so that whatever it says of that in the
//! end is told by what was done, and not by where it happened to stop.

use std::cell::RefCell;
use std::collections::BTreeSet;

thread_local! {
    static DONE: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Forgets what an earlier command on this thread did.
pub fn begin() {
    DONE.with_borrow_mut(BTreeSet::clear);
}

/// The paths that were changed and are to stay, sorted.
pub fn done() -> Vec<String> {
    DONE.with_borrow(|done| done.iter().cloned().collect())
}

/// Notes that another process did something on behalf of this command, which is so on Unix alone.
#[cfg(unix)]
pub fn did(what: &str) {
    note([what]);
}

/// Notes that `paths` were changed.
pub(super) fn note<'a>(paths: impl IntoIterator<Item = &'a str>) {
    DONE.with_borrow_mut(|done| done.extend(paths.into_iter().map(str::to_owned)));
}
