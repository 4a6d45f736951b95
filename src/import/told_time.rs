//! The time that a report itself says it is of.

use jiff::civil::DateTime;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::Offset;
use jiff::{Timestamp, tz::TimeZone};

/// The latest moment that a report tells of. It lies between these two, which are the same where the
/// report says the offset from UTC: a time without one may be the local time of any place on earth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ToldTime {
    /// No earlier than this.
    pub earliest: Timestamp,
    /// No later than this.
    pub latest: Timestamp,
}

/// A clock that was never set, and a time that nobody filled in, tell of years before this one.
const FIRST_YEAR: i16 = 2000;

impl ToldTime {
    /// Reads a time in the form of ISO 8601; `None` where it is none, or one that no clock said.
    pub(super) fn read(text: &str) -> Option<Self> {
        static PARSER: DateTimeParser = DateTimeParser::new();
        let text = text.trim();
        let year = |moment: Timestamp| moment.to_zoned(TimeZone::UTC).year();
        if let Ok(moment) = PARSER.parse_timestamp(text) {
            return (year(moment) >= FIRST_YEAR)
                .then_some(Self { earliest: moment, latest: moment });
        }
        let civil: DateTime = PARSER.parse_datetime(text).ok()?;
        if civil.year() < FIRST_YEAR {
            return None;
        }
        let at = |hours| TimeZone::fixed(Offset::constant(hours)).to_timestamp(civil).ok();
        Some(Self { earliest: at(14)?, latest: at(-12)? })
    }

    /// The later one of two, where there are any.
    pub(super) fn later(own: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (own, other) {
            (Some(a), Some(b)) => {
                Some(Self { earliest: a.earliest.max(b.earliest), latest: a.latest.max(b.latest) })
            }
            (a, b) => a.or(b),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, String)> {
        ToldTime::read(text).map(|told| (told.earliest.to_string(), told.latest.to_string()))
    }

    #[test]
    fn an_offset_makes_a_time_one_moment() {
        let moment = "2026-11-21T08:30:00Z".to_owned();
        let same = Some((moment.clone(), moment));
        assert_eq!(read("2026-11-21T08:30:00Z"), same);
        assert_eq!(read(" 2026-11-21 09:30:00+01:00"), same);
        assert_eq!(read("2026-11-21T09:30:00.000+0100"), same);
    }

    #[test]
    fn without_an_offset_it_may_be_the_time_of_any_place() {
        let told = read("2026-11-21T12:00:00");
        let between = ("2026-11-20T22:00:00Z".to_owned(), "2026-11-22T00:00:00Z".to_owned());
        assert_eq!(told, Some(between));
    }

    #[test]
    fn what_no_clock_said_is_no_time() {
        for text in ["", "now", "0001-01-01T00:00:00", "1970-01-01T00:00:00Z", "12:00:00"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
