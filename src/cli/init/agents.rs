//! `d3p init --agents`: a skill that coding agents find, and six lines for `AGENTS.md`.

use crate::assets;
use crate::cli::args::InitArgs;
use crate::cli::common::Global;
use crate::cli::{Code, Failure};
use crate::env::{Env, Exit};
use crate::model::Sha256Digest;
use crate::render::json;
use crate::source::{DEFAULT_LIMIT, Root};
use crate::write::ChangeSet;
use serde_json::json;

/// Where most agents look for skills, and where those of this directory do.
const SKILLS: [(&str, &str); 2] =
    [(".claude", ".claude/skills/d3p/SKILL.md"), (".", ".agents/skills/d3p/SKILL.md")];

const GUIDE: &str = "AGENTS.md";

/// What our lines stand between in a file of somebody else's.
const MARKERS: (&str, &str) = ("<!-- d3p begin -->", "<!-- d3p end -->");

pub(super) fn run(
    args: &InitArgs,
    root: &Root,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let text = |name: &str| {
        assets::template(name).ok_or_else(|| {
            Failure::incomplete(format!("{name} is not embedded")).code(Code::Internal)
        })
    };
    let mut changes = ChangeSet::new(root);
    let mut done = Vec::new();
    let found = SKILLS.iter().find(|(dir, _)| *dir == "." || root.exists(dir));
    let (_, skill) = found.unwrap_or(&SKILLS[1]);
    if root.exists(skill) {
        done.push((*skill, "kept"));
    } else {
        changes.create(*skill, text("agents/SKILL.md")?);
        done.push((*skill, "created"));
    }
    let lines = text("agents/AGENTS.md")?;
    let lines = format!("{}\n{}\n{}\n", MARKERS.0, lines.trim_end(), MARKERS.1);
    done.push((GUIDE, guide(root, &lines, &mut changes)?));
    if !args.dry_run {
        changes.apply()?;
    }
    if !global.human() {
        let files = done.iter().map(|(path, what)| json!({ "path": path, "done": what }));
        let view = json!({ "files": files.collect::<Vec<_>>(), "dry_run": args.dry_run });
        env.out.write_all(json::pretty(&view).as_bytes())?;
        return Ok(Exit::Passed);
    }
    for (path, what) in done {
        let would = if args.dry_run && what != "kept" { "would be " } else { "" };
        writeln!(env.out, "{path}: {would}{what}")?;
    }
    Ok(Exit::Passed)
}

/// Adds our lines to the guide; where they stand, nothing is touched.
fn guide(root: &Root, lines: &str, changes: &mut ChangeSet) -> Result<&'static str, Failure> {
    if !root.exists(GUIDE) {
        changes.create(GUIDE, lines);
        return Ok("created");
    }
    let bytes = root.bytes(GUIDE, DEFAULT_LIMIT).map_err(|fault| {
        Failure::incomplete(format!("{GUIDE}: {}", fault.message))
            .note(format!("these lines are for it:\n{lines}"))
    })?;
    let digest = Sha256Digest::of(&bytes);
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::incomplete(format!("{GUIDE} is not UTF-8, and was left as it is"))
            .note(format!("these lines are for it:\n{lines}"))
    })?;
    if text.contains(MARKERS.0) {
        return Ok("kept");
    }
    let apart = if text.is_empty() || text.ends_with("\n\n") {
        ""
    } else if text.ends_with('\n') {
        "\n"
    } else {
        "\n\n"
    };
    changes.replace(GUIDE, format!("{text}{apart}{lines}"), Some(digest));
    Ok("extended")
}
