//! Commands that a repository has: scripts, make targets, npm scripts, jobs of GitHub and GitLab.

use super::Known;
use crate::text::{json, pointer, position, yaml};
use serde_json::Value;
use std::collections::BTreeSet;

/// Directories in which scripts usually lie.
const PLACES: [&str; 6] = ["scripts", "bin", "deploy", "ci", "tools", "ops"];

/// A command that may serve a step.
pub(super) struct Way {
    /// What it is called, in lower case with hyphens.
    pub(super) name: String,
    /// The environment that it says it is for.
    pub(super) environment: Option<String>,
    /// Its words, without what each run gives it.
    pub(super) run: Vec<String>,
    /// What it does, as a text.
    pub(super) text: String,
    /// Words behind it, of which some are known to mean something.
    pub(super) words: Vec<String>,
    /// Whether a word is given as `WORD=value`.
    pub(super) named: bool,
    /// File and line.
    pub(super) source: String,
}

/// Every command, scripts first: what a team wrote for people before what it wrote for a forge.
pub(super) fn ways(known: &Known<'_>) -> Vec<Way> {
    let mut out = scripts(known);
    out.extend(make(known));
    out.extend(npm(known));
    out.extend(github(known));
    out.extend(gitlab(known));
    out
}

fn hyphened(name: &str) -> String {
    name.to_lowercase().replace(['_', ' ', ':', '.', '/'], "-")
}

fn scripts(known: &Known<'_>) -> Vec<Way> {
    // At the top, or in one of the places: not deeper.
    let is_script = |path: &&String| {
        let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
        !name.starts_with('.') && (dir.is_empty() || PLACES.contains(&dir))
    };
    let paths = known.files.iter().filter(is_script);
    let found = paths.filter_map(|path| Some((path, known.text(path)?)));
    let script = |(path, text): (&String, String)| {
        let shell = text.lines().next().filter(|line| line.starts_with("#!"))?;
        let known = ["bash", "python3", "node", "ruby"];
        let program = known.into_iter().find(|own| shell.contains(own)).unwrap_or("sh");
        let name = path.rsplit('/').next().unwrap_or_default();
        let words = usage(name, &text);
        Some(Way {
            name: hyphened(name.split('.').next().unwrap_or_default()),
            environment: None,
            run: vec![program.to_owned(), path.clone()],
            words,
            named: false,
            source: path.clone(),
            text,
        })
    };
    found.filter_map(script).collect()
}

/// The words behind the script's own name in a comment that says how it is used.
fn usage(name: &str, text: &str) -> Vec<String> {
    let comments = text.lines().take_while(|line| line.starts_with('#') || line.is_empty());
    let line = comments.filter_map(|line| line.split_once("sage:")).map(|(_, rest)| rest).next();
    let behind = line.and_then(|line| line.split_once(name)).map_or("", |(_, rest)| rest);
    behind.split_whitespace().map(str::to_owned).collect()
}

/// Targets of a makefile; a variable in capitals that the recipe uses is given to it.
fn make(known: &Known<'_>) -> Vec<Way> {
    let mut out: Vec<Way> = Vec::new();
    let Some((path, text)) = known.first(&["Makefile", "makefile", "GNUmakefile"]) else {
        return out;
    };
    let mut open = false;
    for (index, line) in text.lines().enumerate() {
        if let Some(recipe) = line.strip_prefix('\t').filter(|_| open) {
            if let Some(way) = out.last_mut() {
                way.text.push_str(recipe.trim_start_matches(['@', '-']));
                way.text.push('\n');
            }
            continue;
        }
        let target = line.split_once(':').filter(|(name, rest)| {
            !rest.starts_with('=')
                && !name.is_empty()
                && !name.starts_with('.')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        });
        open = target.is_some();
        if let Some((name, _)) = target {
            out.push(Way {
                name: hyphened(name),
                environment: None,
                run: vec!["make".to_owned(), name.to_owned()],
                text: String::new(),
                words: Vec::new(),
                named: true,
                source: format!("{path}:{}", index + 1),
            });
        }
    }
    out.retain(|way| !way.text.is_empty());
    for way in &mut out {
        let mut seen = BTreeSet::new();
        let parts = way.text.split("$(").skip(1).chain(way.text.split("${").skip(1));
        let names = parts.filter_map(|part| part.split([')', '}']).next());
        let is_name = |name: &&str| name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
        let names = names.filter(is_name).filter(|name| !name.is_empty() && seen.insert(*name));
        way.words = names.map(str::to_owned).collect();
    }
    out
}

fn npm(known: &Known<'_>) -> Vec<Way> {
    let path = "package.json";
    let Some(text) = known.text(path) else { return Vec::new() };
    let value = json::parse(&text).unwrap_or_default();
    let scripts = value["scripts"].as_object().into_iter().flatten();
    let way = |(name, command): (&String, &Value)| {
        let place = format!("/scripts/{}", pointer::escape(name));
        Some(Way {
            name: hyphened(name),
            environment: None,
            run: ["npm", "run", name].map(str::to_owned).to_vec(),
            text: command.as_str()?.to_owned(),
            words: Vec::new(),
            named: false,
            source: match json::locate(&text, &place, true) {
                Some(range) => format!("{path}:{}", position(&text, range.start).line),
                None => path.to_owned(),
            },
        })
    };
    scripts.filter_map(way).collect()
}

/// Jobs of workflows whose steps are shell, as far as what is filled into them is known here too.
fn github(known: &Known<'_>) -> Vec<Way> {
    let mut out = Vec::new();
    let is_flow = |path: &&String| {
        path.starts_with(".github/workflows/")
            && (path.ends_with(".yml") || path.ends_with(".yaml"))
    };
    for path in known.files.iter().filter(is_flow) {
        let Some(text) = known.text(path) else { continue };
        let value = yaml::parse(&text).unwrap_or_default();
        for (id, job) in value["jobs"].as_object().into_iter().flatten() {
            let environment =
                job["environment"].as_str().or_else(|| job["environment"]["name"].as_str());
            let steps = job["steps"].as_array().into_iter().flatten();
            let lines: Vec<&str> = steps.filter_map(|step| step["run"].as_str()).collect();
            let place = format!("/jobs/{}", pointer::escape(id));
            out.extend(job_way((path, &text), (id, &place), environment, &lines));
        }
    }
    out
}

fn gitlab(known: &Known<'_>) -> Vec<Way> {
    let path = ".gitlab-ci.yml";
    let Some(text) = known.text(path) else { return Vec::new() };
    let value = yaml::parse(&text).unwrap_or_default();
    let way = |(id, job): (&String, &Value)| {
        let environment =
            job["environment"].as_str().or_else(|| job["environment"]["name"].as_str());
        let lines: Vec<&str> = match &job["script"] {
            Value::String(line) => vec![line],
            Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
            _ => return None,
        };
        let place = format!("/{}", pointer::escape(id));
        job_way((path, &text), (id, &place), environment, &lines)
    };
    value.as_object().into_iter().flatten().filter_map(way).collect()
}

fn job_way(
    (path, text): (&str, &str),
    (id, place): (&str, &str),
    environment: Option<&str>,
    lines: &[&str],
) -> Option<Way> {
    let all = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n");
    // What this program wrote for the forge serves no step.
    let ours = |text: &str| text.lines().any(|line| line.trim_start().starts_with("d3p "));
    let all = filled(&all).filter(|all| !all.is_empty() && !ours(all))?;
    let line = yaml::locate(text, place, true).map_or(1, |range| position(text, range.start).line);
    Some(Way {
        name: hyphened(id),
        environment: environment.map(str::to_owned),
        run: ["sh", "-ec"].map(str::to_owned).into_iter().chain([all.clone()]).collect(),
        text: all,
        words: Vec::new(),
        named: false,
        source: format!("{path}:{line}"),
    })
}

/// What a forge fills in, in our words; `None` where something is left that is not known here.
fn filled(text: &str) -> Option<String> {
    let mut out = text.to_owned();
    for (theirs, ours) in [
        ("$CI_COMMIT_TAG", "{release}"),
        ("$CI_COMMIT_SHA", "{commit}"),
        ("$GITHUB_REF_NAME", "{release}"),
        ("$GITHUB_SHA", "{commit}"),
        ("$CI_ENVIRONMENT_NAME", "{env}"),
    ] {
        out = out.replace(theirs, ours);
    }
    while let Some(at) = out.find("${{") {
        let end = at + out[at..].find("}}")? + 2;
        let name = out[at + 3..end - 2].trim();
        let ours = match name {
            "github.ref_name" => "{release}",
            "github.sha" => "{commit}",
            _ if name.starts_with("inputs.") || name.starts_with("github.event.inputs.") => {
                match name.rsplit('.').next()? {
                    "version" | "release" | "tag" => "{release}",
                    "environment" | "env" => "{env}",
                    _ => return None,
                }
            }
            _ => return None,
        };
        out.replace_range(at..end, ours);
    }
    Some(out)
}
