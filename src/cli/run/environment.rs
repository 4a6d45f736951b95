//! What commands of the project see: where programs come from, variables, secrets.

use crate::definition::RunPolicy;
use crate::env::Env;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

/// The directories that programs are taken from.
pub(in crate::cli) fn search_path(policy: &RunPolicy, env: &Env<'_>) -> Vec<PathBuf> {
    // Without a home directory nothing lies below it; least of all where the command happens to run.
    let home = env.var("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
    let dirs = policy.path.iter().filter_map(|dir| match dir.strip_prefix("~/") {
        Some(rest) => Some(home.as_ref()?.join(rest)),
        None => Some(PathBuf::from(dir)),
    });
    dirs.collect()
}

/// Names and values of what is redacted.
pub(in crate::cli) fn secrets(policy: &RunPolicy, env: &Env<'_>) -> Vec<(String, String)> {
    let set = |name: &String| Some((name.clone(), env.var(name)?.to_owned()));
    policy.secrets.iter().filter_map(set).collect()
}

/// The whole environment of a command: what the policy names, and `own`.
pub(in crate::cli) fn variables(
    policy: &RunPolicy,
    path: &[PathBuf],
    own: Vec<(&str, String)>,
    env: &Env<'_>,
) -> Vec<(OsString, OsString)> {
    // The schema keeps colons out of the directories.
    let mut joined = OsString::new();
    for (index, dir) in path.iter().enumerate() {
        joined.push(if index > 0 { ":" } else { "" });
        joined.push(dir);
    }
    let wanted = policy.environment.iter().chain(&policy.secrets);
    let passed = wanted
        .filter(|name| *name != "PATH" && !name.starts_with("D3P_"))
        .filter_map(|name| env.vars.iter().find(|(key, _)| key == name.as_str()).cloned());
    let mut all: BTreeMap<OsString, OsString> = passed.collect();
    all.extend(own.into_iter().map(|(name, value)| (name.into(), value.into())));
    all.insert("PATH".into(), joined);
    all.into_iter().collect()
}
