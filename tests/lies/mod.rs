//! Lies, each told consistently: the same replay without the lie passes all gates and verifies;
//! with it the named rule refuses at the named gate.

#![allow(unreachable_pub, reason = "modules of one test")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

mod approvals;
mod facts;
mod meaning;
mod reports;
#[cfg(unix)]
mod shown;
mod story;
mod times;
mod watch;
mod words;

use d3p::Exit;
use d3p::testing::model::{Span, Stamp};
use serde_json::{Value, json};
use std::sync::OnceLock;
use story::Story;

/// Tells the story with `lie`: `rule` must refuse it at `gate`. Without it, it passes.
#[track_caller]
fn refused(gate: usize, rule: &str, lie: impl Fn(&mut Story)) {
    static HONEST: OnceLock<()> = OnceLock::new();
    HONEST.get_or_init(|| passes(&Story::honest()));
    let mut story = Story::honest();
    lie(&mut story);
    refuses(&story, gate, rule);
}

/// The same, for a story that differs from the usual one in something honest.
#[track_caller]
fn refused_given(honest: impl Fn(&mut Story), gate: usize, rule: &str, lie: impl Fn(&mut Story)) {
    let mut story = Story::honest();
    honest(&mut story);
    passes(&story);
    lie(&mut story);
    refuses(&story, gate, rule);
}

#[track_caller]
fn passes(story: &Story) {
    let told = story.tell();
    if let Some((number, said)) = &told.refused {
        panic!("without a lie, gate {number} refuses: {:?}", said.rules());
    }
    let said = told.world.run(&["verify"]);
    assert_eq!(said.exit, Exit::Passed, "without a lie\n{}", said.all());
}

#[track_caller]
fn refuses(story: &Story, gate: usize, rule: &str) {
    let told = story.tell();
    let Some((number, said)) = &told.refused else { panic!("the lie passed all gates") };
    assert_eq!(*number, gate, "refused at another gate: {:?}", said.rules());
    assert_eq!(said.exit, Exit::Refused);
    assert!(said.has(rule), "not refused by {rule}: {:?}", said.rules());
    let through = gate.to_string();
    assert_eq!(told.world.run(&["verify", "--through", &through]).exit, Exit::Refused);
}

fn ago(stamp: Stamp, hours: u64) -> Value {
    let back = jiff::SignedDuration::from_hours(i64::try_from(hours).unwrap());
    json!(Stamp::from_timestamp(stamp.timestamp() - back).to_string())
}

fn hence(stamp: Stamp, seconds: u64) -> Value {
    json!(stamp.plus(Span::from_seconds(seconds)).to_string())
}

fn numbers(value: &mut Value, pointer: &str, change: &[(&str, i64)]) {
    for (key, number) in change {
        value.pointer_mut(pointer).unwrap()[*key] = json!(number);
    }
}

#[test]
fn the_honest_story_passes_when_told_again() {
    passes(&Story::honest());
}
