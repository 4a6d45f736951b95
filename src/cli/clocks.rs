//! The clock here beside one that is not ours: the `Date` of an answer, or a time stamp.

use crate::model::{Span, Stamp};

/// The way out of a contradiction.
pub(super) const SET_THE_CLOCK: &str = "set the one that is wrong, then run the command again";

/// How two clocks contradict each other: what they said, each within these bounds, lies further apart than
/// `skew`. To stand behind whose the other one is.
pub(super) fn contradiction(
    there: (Stamp, Stamp),
    here: (Stamp, Stamp),
    skew: Span,
) -> Option<String> {
    let agree = here.0 <= there.1.plus(skew) && there.0 <= here.1.plus(skew);
    (!agree).then(|| format!("clock says {}, and the one here {}", there.0, here.1))
}
