//! Where the policy asks for less than it should: than is recommended, and than the last release that
//! was launched.

use crate::definition::{Direction, Looser, NativeCheck, changes, looser_than_recommended};
use crate::model::Stamp;
use crate::project::Project;
use crate::schema;
use serde_json::Value;

/// Every place of `d3p.yaml` that asks for less than recommended. A demo asks for nothing, and says
/// so itself.
pub fn loosened(project: &Project) -> Vec<Looser> {
    let effective = project.effective();
    if effective.policy.demo {
        return Vec::new();
    }
    let mut out = looser_than_recommended(effective, &project.phase, schema::policy());
    out.extend(all_may_differ(project));
    out.extend(compared_with_itself(project));
    out.extend(denies_the_past(project));
    out
}

/// Every key that asks for less than the policy of the last release that was launched, where the key
/// says which direction is stricter.
pub fn loosened_since(project: &Project) -> Vec<Looser> {
    let Some(last) = &project.last_launch else { return Vec::new() };
    let now = &project.effective().values;
    let name = last.release.name();
    let text = |value: &Option<Value>| match value {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => "nothing".to_owned(),
    };
    changes(&last.policy, now, schema::policy())
        .into_iter()
        // A key that was not there yet is compared with what is recommended only.
        .filter(|change| change.directed && change.was.is_some())
        .filter(|change| change.direction == Direction::Looser)
        .map(|change| {
            let key = change.pointer.trim_start_matches('/').replace('/', ".");
            let (was, is) = (text(&change.was), text(&change.now));
            Looser {
                message: format!("`{key}` is {is}; in {name} it was {was}"),
                advice: format!("write what was there: {was}"),
                pointer: change.pointer,
            }
        })
        .collect()
}

/// Every file of staging is also the one of production: what is compared with itself never differs.
fn compared_with_itself(project: &Project) -> Option<Looser> {
    let files = &project.effective().policy.configuration.files;
    let same = !files.is_empty() && files.iter().all(|own| own.staging == own.production);
    same.then(|| Looser {
        pointer: "/configuration/files".to_owned(),
        message: "each file of configuration.files is compared with itself: nothing is compared"
            .to_owned(),
        advice: "name the file that configures staging, and the one that configures production"
            .to_owned(),
    })
}

/// The differences between staging and production are no longer looked at when every setting that is
/// compared may differ.
fn all_may_differ(project: &Project) -> Option<Looser> {
    let values = &project.effective().values;
    project.all_evidence().find_map(|evidence| {
        let (at, allowed) = evidence.native(|native| match native {
            NativeCheck::ConfigurationParity { at, allowed } => Some((at, allowed)),
            _ => None,
        })?;
        let compared = evidence.value()?.pointer(at)?.as_array()?;
        let allowed_names = allowed.resolve(values).as_array()?;
        let may = |item: &Value| item.get("name").is_some_and(|name| allowed_names.contains(name));
        (!compared.is_empty() && compared.iter().all(may)).then(|| Looser {
            pointer: "/configuration/allowed_differences".to_owned(),
            message: format!(
                "every setting that is compared may differ ({}): nothing is compared",
                compared.len()
            ),
            advice: "name only those that must differ, such as the address of a database"
                .to_owned(),
        })
    })
}

/// Every denied window had ended before the release began: nothing is denied.
fn denies_the_past(project: &Project) -> Option<Looser> {
    let deny = &project.effective().policy.windows.deny;
    let name = project.release()?.name();
    let own = project.ledger.lines.iter().filter(|line| line.entry.release == name);
    let begun = own.map(|line| line.at).min()?;
    let ended = |end: &String| Stamp::parse(end).is_ok_and(|end| end <= begun);
    let over = !deny.is_empty() && deny.iter().all(|own| own.end.as_ref().is_some_and(ended));
    over.then(|| Looser {
        pointer: "/windows/deny".to_owned(),
        message:
            "each window of `windows.deny` was over before the release began: none denies anything"
                .to_owned(),
        advice: "write a window that comes, or one that comes each week".to_owned(),
    })
}
