//! Denied windows: when nothing may go live (DLC-8, D3P-6).

use crate::definition::DenyWindow;
use crate::model::Stamp;
use jiff::civil::{Time, Weekday};
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

/// Whether `window` covers `at`.
///
/// A weekly window is evaluated in its own time zone: `Mon-Fri 09:00-17:00` covers 09:00 up to but
/// not including 17:00 on each of the days.
///
/// # Errors
/// A sentence when the window cannot be understood; such a window never counts as open ground.
pub fn denied_at(window: &DenyWindow, at: Stamp) -> Result<bool, String> {
    if let (Some(start), Some(end)) = (&window.start, &window.end) {
        let start = Stamp::parse(start).map_err(|error| format!("`start`: {error}"))?;
        let end = Stamp::parse(end).map_err(|error| format!("`end`: {error}"))?;
        if end <= start {
            return Err("`end` must lie after `start`".to_owned());
        }
        return Ok(start <= at && at < end);
    }
    let weekly = window.weekly.as_deref().ok_or("it has neither `weekly` nor `start` and `end`")?;
    let zone = window.tz.as_deref().ok_or("`weekly` needs `tz`, such as Europe/Berlin")?;
    let zone = TimeZone::get(zone).map_err(|_| format!("`{zone}` is not an IANA time zone"))?;
    let (days, hours) = weekly.split_once(' ').ok_or("expected `Mon-Fri 09:00-17:00`")?;
    let (first, last) = days.split_once('-').unwrap_or((days, days));
    let (from, to) = hours.split_once('-').ok_or("expected hours such as 09:00-17:00")?;
    let (first, last) = (day(first)?, day(last)?);
    let (from, to) = (time(from)?, if to == "24:00" { Time::MAX } else { time(to)? });
    if to <= from {
        return Err(
            "the hours must end after they begin; write two windows across midnight".to_owned()
        );
    }
    let local = at.timestamp().to_zoned(zone);
    let offset = |from: Weekday, to: Weekday| from.until(to);
    let inside_days = offset(first, local.weekday()) <= offset(first, last);
    let now = local.time();
    Ok(inside_days && from <= now && (now < to || to == Time::MAX))
}

fn day(name: &str) -> Result<Weekday, String> {
    DAYS.iter().find(|(short, _)| *short == name).map(|(_, day)| *day).ok_or_else(|| {
        format!("`{name}` is not a day; expected Mon, Tue, Wed, Thu, Fri, Sat or Sun")
    })
}

fn time(text: &str) -> Result<Time, String> {
    text.parse().map_err(|_| format!("`{text}` is not a time such as 09:00"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::denied_at;
    use crate::definition::DenyWindow;
    use crate::model::Stamp;

    fn weekly(text: &str, zone: &str, at: &str) -> Result<bool, String> {
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
