//! When a stage is looked at: moments that follow from its beginning alone.

use crate::model::{Span, Stamp};

/// The moments of a stage that began at `from` and lasts `duration`: whole intervals after it, so
/// that whoever asks later asks about the same ones. The first second that had begun is the first.
pub fn moments(from: Stamp, duration: Span, interval: Span) -> Vec<Stamp> {
    let count = duration.seconds() / interval.seconds().max(1);
    let at = |index: u64| from.plus(Span::from_seconds(index.saturating_mul(interval.seconds())));
    (1..=count).map(at).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::moments;
    use crate::model::{Span, Stamp};

    #[test]
    fn moments_are_whole_intervals_after_the_beginning() {
        let from = Stamp::parse("2026-11-21T10:00:00Z").unwrap();
        let told = |duration, interval| -> Vec<String> {
            let span = Span::from_seconds;
            moments(from, span(duration), span(interval)).iter().map(ToString::to_string).collect()
        };
        assert_eq!(told(60, 30), ["2026-11-21T10:00:30Z", "2026-11-21T10:01:00Z"]);
        assert_eq!(told(89, 30).len(), 2, "what is no whole interval is waited for, not sampled");
        assert_eq!(told(29, 30), [""; 0]);
    }
}
