//! `d3p init --agents`: the skill keeps to the limits of the convention, and nobody's words are lost.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use crate::common::World;
use d3p::Exit;

const SKILL: &str = ".agents/skills/d3p/SKILL.md";
const GUIDE: &str = "AGENTS.md";

/// What is wrong with a skill at `path`, by the convention (agentskills.io).
fn faults(path: &str, text: &str) -> Vec<String> {
    let Some((front, body)) =
        text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"))
    else {
        return vec!["no front matter".to_owned()];
    };
    let value = d3p::testing::text::yaml::parse(front).unwrap_or_default();
    let (name, description) = (
        value["name"].as_str().unwrap_or_default(),
        value["description"].as_str().unwrap_or_default(),
    );
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let plain = !name.starts_with('-') && !name.ends_with('-') && !name.contains("--");
    let held = [
        ("the name is that of its folder", name == folder),
        ("the name is of a-z, 0-9 and single -", name.chars().all(fits) && plain),
        ("the name has 1 to 64 characters", (1..=64).contains(&name.len())),
        (
            "the description has 1 to 1024 characters",
            (1..=1024).contains(&description.chars().count()),
        ),
        ("the description has no markup", !description.contains(['<', '>'])),
        ("nothing else stands in front", value.as_object().is_some_and(|all| all.len() == 2)),
        ("the body has less than 500 lines", body.lines().count() < 500 && !body.trim().is_empty()),
    ];
    held.iter().filter(|(_, held)| !held).map(|(what, _)| (*what).to_owned()).collect()
}

#[test]
fn the_skill_keeps_to_the_convention_and_names_commands_that_exist() {
    let world = World::new();
    let said = world.run(&["init", "--agents"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    let text = world.read(SKILL);
    assert_eq!(faults(SKILL, &text), [""; 0]);
    // What is beyond a limit is found.
    for broken in [
        text.replace("name: d3p", "name: D3P"),
        text.replace("description: ", &format!("description: {}", "x".repeat(1024))),
        text.replace("---\n\n# A", &format!("---\n\n{}# A", "line\n".repeat(500))),
    ] {
        assert!(!faults(SKILL, &broken).is_empty(), "{broken}");
    }
    let command = d3p::testing::cli::command();
    for text in [text, world.read(GUIDE)] {
        let named = text.split("`d3p ").skip(1).map(|rest| rest.split(['`', ' ']).next().unwrap());
        let named: Vec<&str> = named.collect();
        assert!(named.len() > 1, "{text}");
        let unknown: Vec<_> =
            named.iter().filter(|word| command.find_subcommand(word).is_none()).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
    let lines = world.read(GUIDE);
    let lines = lines.lines().filter(|line| !line.starts_with("<!--"));
    assert_eq!(lines.count(), 6);
}

#[test]
fn what_somebody_wrote_is_kept() {
    let world = World::new();
    world.write(GUIDE, "# Ours\n\nRun make.");
    let said = world.run(&["init", "--agents", "--dry-run"]);
    assert_eq!((said.exit, world.read(GUIDE).as_str()), (Exit::Passed, "# Ours\n\nRun make."));
    assert!(!world.dir.join(SKILL).exists());
    world.run(&["init", "--agents"]);
    let once = world.read(GUIDE);
    assert!(once.starts_with("# Ours\n\nRun make.\n\n<!-- d3p begin -->\n"), "{once}");
    world.write(SKILL, "my own words");
    world.write(GUIDE, once.replace("Mend what", "Please mend what"));
    let said = world.run(&["init", "--agents"]);
    assert!(
        said.out.contains("SKILL.md: kept") && said.out.contains("AGENTS.md: kept"),
        "{}",
        said.out
    );
    assert_eq!(world.read(SKILL), "my own words");
    assert_eq!(world.read(GUIDE), once.replace("Mend what", "Please mend what"));
    // A file that nobody can read as text is left alone, and the lines are printed.
    world.write(GUIDE, b"\xff\xfe");
    let said = world.run(&["init", "--agents"]);
    assert_eq!(said.exit, Exit::Incomplete);
    assert!(said.err.contains("d3p status --next"), "{}", said.err);
}

#[test]
fn where_there_is_a_directory_of_an_agent_the_skill_lies_there() {
    let world = World::new();
    world.write(".claude/settings.json", "{}");
    world.run(&["init", "--agents"]);
    assert!(world.dir.join(".claude/skills/d3p/SKILL.md").exists());
    assert!(!world.dir.join(SKILL).exists());
}

#[test]
fn editors_are_told_the_schema_of_what_is_scaffolded_and_recorded() {
    let world = World::played_until(&["record", "deployment-readiness-checklist"]);
    let id = |name: &str| {
        let text = d3p::testing::schema::text(name).unwrap();
        let schema: serde_json::Value = serde_json::from_str(text).unwrap();
        schema["$id"].as_str().unwrap().to_owned()
    };
    let fresh = World::played_until(&[
        "init",
        "--release",
        "v1.4.0",
        "--service",
        "api",
        "--service",
        "web",
    ]);
    let first = fresh.read("d3p.yaml");
    let line = first.lines().next().unwrap_or_default();
    assert_eq!(line, format!("# yaml-language-server: $schema={}", id("d3p")));
    let kind = "deployment-readiness-checklist";
    let text = world.read(&format!(".artifacts/deployment/{kind}.json"));
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["$schema"].as_str(), Some(id(kind).as_str()));
}
