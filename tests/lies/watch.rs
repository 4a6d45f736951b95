//! Lies about the health window.

use super::refused;
use super::story::HEALTH;

#[test]
fn a_window_cut_short() {
    refused(4, "GL312", |story| story.entries(HEALTH, |entries| entries.truncate(12)));
    refused(4, "GL312", |story| story.entries(HEALTH, |entries| entries.truncate(23)));
}

#[test]
fn a_window_that_nobody_watched() {
    refused(4, "GL102", |story| story.entries(HEALTH, Vec::clear));
}

#[test]
fn a_missed_check_in() {
    refused(4, "GL313", |story| {
        story.entries(HEALTH, |entries| {
            entries.remove(11);
        });
    });
}

/// What an entry says, behind its time and id.
fn payload(entry: &str) -> String {
    entry.splitn(4, ' ').nth(3).unwrap().to_owned()
}

#[test]
fn copied_samples() {
    refused(4, "GL314", |story| {
        story.entries(HEALTH, |entries| {
            let said = payload(&entries[4]);
            for entry in &mut entries[5..9] {
                *entry = entry.replace(&payload(entry), &said);
            }
        });
    });
}

#[test]
fn a_breached_threshold() {
    refused(4, "GL315", |story| story.edit(HEALTH, "error_rate=0.20%", "error_rate=2.20%"));
    refused(4, "GL315", |story| story.edit(HEALTH, "latency_p99=190ms", "latency_p99=1.9s"));
}

#[test]
fn a_signal_that_was_not_measured() {
    refused(4, "GL316", |story| story.edit(HEALTH, " error_rate=0.20%", ""));
    refused(4, "GL316", |story| story.edit(HEALTH, "error_rate=0.20%", "error_rate=NaN"));
}

#[test]
fn a_launch_that_nobody_was_told_of() {
    let told = super::story::COMMUNICATIONS;
    refused(4, "GL405", |story| {
        story.entries(told, |entries| entries.truncate(1));
    });
}
