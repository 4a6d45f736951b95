//! Whether git ignores what must be committed, and which line does it.

use crate::cli::common::git;
use crate::collect::git::Ignored;
use crate::definition::Phase;
use crate::env::Env;
use crate::model::Places;
use crate::source::{PROJECT_FILE, Root};
use std::collections::BTreeSet;

/// Lines that bring back what must be committed, after whatever ignores it.
fn back(places: &Places) -> Vec<String> {
    let mut lines = Vec::new();
    for dir in [places.directory(), places.archives()] {
        let mut above = String::new();
        for part in dir.split('/') {
            above = format!("{above}/{part}");
            lines.push(format!("!{above}/"));
        }
        lines.push(format!("!{above}/**"));
    }
    lines
}

/// Files that a release commits, one of each sort, and which of them git ignores; none where git
/// cannot be asked.
pub(super) fn ignored(root: &Root, phase: &Phase, env: &Env<'_>) -> Vec<Ignored> {
    let mut paths: Vec<String> = phase
        .evidence
        .values()
        .map(|def| def.path.clone())
        .chain(phase.documents.values().map(|def| def.path.clone()))
        .collect();
    paths.extend([PROJECT_FILE, ".gitattributes", ".d3p/.gitignore"].map(str::to_owned));
    let places = &phase.places;
    paths.push(places.ledger().to_owned());
    paths.push(format!("{}/0", places.objects()));
    paths.push(format!("{}/hook-0.json", places.runs()));
    paths.push(format!("{}/hook-0.log", places.runs()));
    paths.push(format!("{}/hook-0.xml", places.runs()));
    paths.push(format!("{}/{PROJECT_FILE}", places.archive("v1", 1, 1)));
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    git(root, env).and_then(|git| Ok(git.ignored(&paths)?)).unwrap_or_default()
}

/// What to tell about it: which line of which file, and what to do.
pub(super) fn advice(ignored: &[Ignored], phase: &Phase) -> Vec<String> {
    let mut lines: Vec<(&Ignored, usize)> = Vec::new();
    for found in ignored {
        match lines
            .iter_mut()
            .find(|(first, _)| (&first.source, first.line) == (&found.source, found.line))
        {
            Some((_, count)) => *count += 1,
            None => lines.push((found, 1)),
        }
    }
    let mut out = Vec::new();
    for (found, count) in &lines {
        let others = match count - 1 {
            0 => String::new(),
            others => format!(" and {others} more"),
        };
        out.push(format!(
            "warning: git ignores {}{others}, by line {} of {}: {}",
            found.path, found.line, found.source, found.pattern
        ));
    }
    if ignored.is_empty() {
        return out;
    }
    out.push("evidence that is not committed cannot be verified by anybody else".to_owned());
    // A file deeper down wins over ours, and one inside an ignored directory was meant.
    let (deeper, above): (Vec<_>, Vec<_>) =
        lines.iter().partition(|(found, _)| is_deeper(&found.source, phase));
    for (found, _) in &deeper {
        out.push(format!("help: remove line {} of {}", found.line, found.source));
    }
    if !above.is_empty() {
        out.push(format!(
            "help: remove {}, or add these lines at the end of .gitignore, in this order:",
            if above.len() == 1 { "that line" } else { "those lines" }
        ));
        let mut back = back(&phase.places);
        let outside = ignored
            .iter()
            .filter(|found| !is_deeper(&found.source, phase) && !phase.places.holds(&found.path));
        for found in outside {
            let mut dir = String::new();
            let parts: Vec<&str> = found.path.split('/').collect();
            for part in &parts[..parts.len() - 1] {
                dir = format!("{dir}/{part}");
                back.push(format!("!{dir}/"));
            }
            let all =
                if dir.is_empty() { format!("!/{}", found.path) } else { format!("!{dir}/**") };
            back.push(all);
        }
        let mut seen = BTreeSet::new();
        back.retain(|line| seen.insert(line.clone()));
        let back = back.into_iter().map(|line| format!("  {line}"));
        out.extend(back);
    }
    out
}

/// Whether the file with the pattern lies inside what must be committed.
fn is_deeper(source: &str, phase: &Phase) -> bool {
    let mut documents = phase.documents.values();
    let top = |path: &str| path.split('/').next().map(|top| format!("{top}/"));
    let among = |path: &str| top(path).is_some_and(|top| source.starts_with(&top));
    among(phase.places.directory())
        || among(phase.places.archives())
        || documents.any(|def| def.path.contains('/') && among(&def.path))
}
