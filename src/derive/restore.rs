//! What restoring a backup came to: how long it took, and how much was lost (OPS-6).

use crate::derive::{Derived, Facts, Problem, deployment, rollback};
use crate::model::Quantity;
use serde_json::{Value, json};

/// The metric by which a hook tells how old the newest data was that came back.
const LOSS: &str = "data_loss";

pub(super) fn derive(facts: &Facts<'_>) -> Result<Derived, Vec<Problem>> {
    let mut derived = Derived::default();
    if facts.runs.is_empty() {
        return Ok(derived);
    }
    let runs = || facts.runs.iter().map(|(_, run)| run);
    let mut put = |key: &str, value: Value| derived.members.insert(key.to_owned(), value);
    put("commands", deployment::commands(facts));
    put("recovery_seconds", json!(rollback::seconds(runs())));
    // The worst of several: each hook may restore a store of its own.
    let seconds = |text: &String| Quantity::parse(text)?.of(Quantity::parse("1s")?);
    let losses = runs().filter_map(|run| run.said.metrics.get(LOSS).and_then(seconds));
    let loss = losses.max_by(f64::total_cmp);
    let Some(loss) = loss.filter(|loss| *loss >= 0.0) else {
        let message = "no hook says how much was lost";
        let help =
            "let it print ::metric data_loss=90s: how old the newest data was that came back";
        return Err(vec![Problem::new("", message).help(help)]);
    };
    put("data_loss_seconds", json!(loss.ceil() as u64));
    let seen: Vec<&str> = runs().filter_map(|run| run.said.observation.as_deref()).collect();
    if !seen.is_empty() {
        put("compared", json!(seen.join("; ")));
    }
    Ok(derived)
}
