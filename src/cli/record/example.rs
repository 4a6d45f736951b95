//! Examples of bodies, as of now.

use crate::assets;
use crate::cli::Failure;
use crate::env::{Env, Exit};
use crate::model::Stamp;

/// Prints the example body of a kind.
pub(super) fn example(kind: &str, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let text = assets::example(kind).ok_or_else(|| {
        Failure::incomplete(format!("{kind} has no body to fill in"))
            .help(format!("d3p explain {kind}"))
    })?;
    let text = as_of(text, (env.now)());
    env.out.write_all(text.as_bytes())?;
    Ok(Exit::Passed)
}

/// An example with its times moved so that the last of them is now: yesterday's would be refused.
fn as_of(text: &str, now: Stamp) -> String {
    let stamps: Vec<(&str, Stamp)> =
        text.split('"').filter_map(|part| Some((part, Stamp::parse(part).ok()?))).collect();
    let Some(last) = stamps.iter().map(|(_, stamp)| *stamp).max() else { return text.to_owned() };
    stamps.iter().fold(text.to_owned(), |text, (written, stamp)| {
        let moved = now.minus_millis(last.millis_since(*stamp));
        text.replace(&format!("\"{written}\""), &format!("\"{moved}\""))
    })
}
