//! Denied windows: when nothing may go live (DLC-8, D3P-6).

use crate::definition::DenyWindow;
use crate::model::{Reason, Stamp};
use jiff::ToSpan as _;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;

/// The days of a week as policy writes them.
const DAYS: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Monday),
    ("Tue", Weekday::Tuesday),
    ("Wed", Weekday::Wednesday),
    ("Thu", Weekday::Thursday),
    ("Fri", Weekday::Friday),
    ("Sat", Weekday::Saturday),
    ("Sun", Weekday::Sunday),
];

/// When a window is closed to launches.
enum Times {
    /// From the first up to but not including the second.
    Once(Stamp, Stamp),
    /// On each day from `first` to `last`, in the zone's own time.
    Weekly { zone: TimeZone, first: Weekday, last: Weekday, from: Time, to: Time },
}

impl Times {
    fn of(window: &DenyWindow) -> Result<Self, Reason> {
        if let (Some(start), Some(end)) = (&window.start, &window.end) {
            let start = Stamp::parse(start).map_err(|error| format!("`start`: {error}"))?;
            let end = Stamp::parse(end).map_err(|error| format!("`end`: {error}"))?;
            if end <= start {
                return Err("`end` must lie after `start`".into());
            }
            return Ok(Self::Once(start, end));
        }
        let weekly =
            window.weekly.as_deref().ok_or("it has neither `weekly` nor `start` and `end`")?;
        let zone = window.tz.as_deref().ok_or("`weekly` needs `tz`, such as Europe/Berlin")?;
        let zone = TimeZone::get(zone).map_err(|_| format!("`{zone}` is not an IANA time zone"))?;
        let (days, hours) = weekly.split_once(' ').ok_or("expected `Mon-Fri 09:00-17:00`")?;
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let (from, to) = hours.split_once('-').ok_or("expected hours such as 09:00-17:00")?;
        let (first, last) = (day(first)?, day(last)?);
        let (from, to) = (time(from)?, if to == "24:00" { Time::MAX } else { time(to)? });
        if to <= from {
            return Err(
                "the hours must end after they begin; write two windows across midnight".into()
            );
        }
        Ok(Self::Weekly { zone, first, last, from, to })
    }

    fn covers(&self, at: Stamp) -> bool {
        match self {
            Self::Once(start, end) => *start <= at && at < *end,
            Self::Weekly { zone, first, last, from, to } => {
                let local = at.timestamp().to_zoned(zone.clone());
                let now = local.time();
                is_between(*first, local.weekday(), *last)
                    && *from <= now
                    && (now < *to || *to == Time::MAX)
            }
        }
    }

    /// The first moment after `at` at which it begins.
    fn next_after(&self, at: Stamp) -> Option<Stamp> {
        match self {
            Self::Once(start, _) => Some(*start).filter(|start| *start > at),
            Self::Weekly { zone, first, last, from, .. } => {
                let today = at.timestamp().to_zoned(zone.clone()).date();
                let begins = |date: Date| {
                    let begin = date.to_datetime(*from).to_zoned(zone.clone()).ok()?;
                    let begin = Stamp::from_timestamp(begin.timestamp());
                    (is_between(*first, date.weekday(), *last) && begin > at).then_some(begin)
                };
                // Today a week on is the last day that can be the first.
                today.series(1.day()).take(8).find_map(begins)
            }
        }
    }
}

fn is_between(first: Weekday, day: Weekday, last: Weekday) -> bool {
    first.until(day) <= first.until(last)
}

/// Whether `window` covers `at`.
///
/// A weekly window is evaluated in its own time zone: `Mon-Fri 09:00-17:00` covers 09:00 up to but
/// not including 17:00 on each of the days.
///
/// # Errors
/// A sentence when the window cannot be understood; such a window never counts as open ground.
pub fn denied_at(window: &DenyWindow, at: Stamp) -> Result<bool, Reason> {
    Ok(Times::of(window)?.covers(at))
}

/// The first moment from `from` to `to` that `window` covers, if there is one: what lasts longer than
/// the window may begin before it and end after it.
///
/// # Errors
/// As [`denied_at`].
pub(crate) fn denied_between(
    window: &DenyWindow,
    from: Stamp,
    to: Stamp,
) -> Result<Option<Stamp>, Reason> {
    let times = Times::of(window)?;
    if times.covers(from) {
        return Ok(Some(from));
    }
    Ok(times.next_after(from).filter(|begin| *begin <= to))
}

fn day(name: &str) -> Result<Weekday, Reason> {
    DAYS.iter().find(|(short, _)| *short == name).map(|(_, day)| *day).ok_or_else(|| {
        format!("`{name}` is not a day; expected Mon, Tue, Wed, Thu, Fri, Sat or Sun").into()
    })
}

fn time(text: &str) -> Result<Time, Reason> {
    text.parse().map_err(|_| format!("`{text}` is not a time such as 09:00").into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{denied_at, denied_between};
    use crate::definition::DenyWindow;
    use crate::model::Stamp;

    fn weekly(text: &str, zone: &str, at: &str) -> Result<bool, super::Reason> {
        let window = DenyWindow {
            id: "peak".to_owned(),
            weekly: Some(text.to_owned()),
            tz: Some(zone.to_owned()),
            start: None,
            end: None,
        };
        denied_at(&window, Stamp::parse(at).unwrap())
    }

    #[test]
    fn weekly_windows_are_judged_in_their_zone() {
        let berlin = |at| weekly("Mon-Fri 09:00-17:00", "Europe/Berlin", at).unwrap();
        assert!(!berlin("2026-11-20T07:59:59Z"));
        assert!(berlin("2026-11-20T08:00:00Z"));
        assert!(!berlin("2026-11-20T16:00:00Z"));
        assert!(!berlin("2026-11-21T10:00:00Z"), "Saturday");
        assert!(berlin("2026-07-20T07:00:00Z"), "summer time");
        assert!(weekly("Fri-Mon 00:00-24:00", "UTC", "2026-11-22T23:59:59Z").unwrap());
        assert!(!weekly("Fri-Mon 00:00-24:00", "UTC", "2026-11-24T12:00:00Z").unwrap());
    }

    #[test]
    fn what_spans_a_window_touches_it() {
        let between = |text: &str, from: &str, to: &str| {
            let window = DenyWindow {
                id: "peak".to_owned(),
                weekly: Some(text.to_owned()),
                tz: Some("Europe/Berlin".to_owned()),
                start: None,
                end: None,
            };
            let (from, to) = (Stamp::parse(from).unwrap(), Stamp::parse(to).unwrap());
            denied_between(&window, from, to).unwrap().map(|at| at.to_string())
        };
        // Friday, 12:00 to 12:30 in Berlin.
        let noon = "Fri 12:00-12:30";
        assert_eq!(
            between(noon, "2026-11-20T10:59:59Z", "2026-11-20T11:45:00Z").as_deref(),
            Some("2026-11-20T11:00:00Z")
        );
        assert_eq!(between(noon, "2026-11-20T10:00:00Z", "2026-11-20T10:59:59Z"), None);
        assert_eq!(between(noon, "2026-11-20T11:30:00Z", "2026-11-27T10:59:59Z"), None);
        assert_eq!(
            between(noon, "2026-11-20T11:30:00Z", "2026-11-27T11:00:00Z").as_deref(),
            Some("2026-11-27T11:00:00Z")
        );
        assert_eq!(
            between(noon, "2026-11-20T11:10:00Z", "2026-11-20T11:11:00Z").as_deref(),
            Some("2026-11-20T11:10:00Z")
        );
    }

    #[test]
    fn what_cannot_be_understood_is_an_error() {
        for (text, zone) in [
            ("Mon-Fri", "UTC"),
            ("Mo-Fr 09:00-17:00", "UTC"),
            ("Mon-Fri 17:00-09:00", "UTC"),
            ("Mon-Fri 09:00-17:00", "Mars/Olympus"),
        ] {
            assert!(weekly(text, zone, "2026-11-20T12:00:00Z").is_err(), "{text} {zone}");
        }
    }
}
