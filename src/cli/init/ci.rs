//! `d3p init --ci`: the jobs of a forge that check, collect evidence, launch and watch.
//!
//! They are templates of no phase; what stands in them of this project comes from its policy and phase.

use super::plan::render;
use crate::assets;
use crate::cli::Failure;
use crate::cli::args::{Forge, InitArgs};
use crate::cli::common::Global;
use crate::definition::Before;
use crate::env::{Env, Exit};
use crate::model::{Advice, Location, Placeholder};
use crate::project::Project;
use crate::render::json;
use crate::source::{PROJECT_FILE, Root, load_phase_of};
use crate::write::ChangeSet;
use serde_json::{Value, json};
use tera::Context;

/// What is written for a forge.
struct Jobs {
    template: &'static str,
    path: &'static str,
    /// What commits of jobs come from, and where they are pushed, where the clone does not know it.
    host: &'static str,
    push_url: &'static str,
    /// Whether another file has to name it.
    included: bool,
}

/// The one file that GitLab reads.
const GITLAB: &str = ".gitlab-ci.yml";

fn jobs(forge: Forge, root: &Root) -> Jobs {
    match forge {
        Forge::Github => Jobs {
            template: "ci/github.yml",
            path: ".github/workflows/d3p.yml",
            host: "users.noreply.github.com",
            push_url: "",
            included: false,
        },
        Forge::Gitlab => {
            let included = root.exists(GITLAB);
            Jobs {
                template: "ci/gitlab.yml",
                path: if included { ".gitlab/d3p.yml" } else { GITLAB },
                host: "$CI_SERVER_HOST",
                push_url: "https://gitlab-ci-token:$CI_JOB_TOKEN@$CI_SERVER_HOST/$CI_PROJECT_PATH.git",
                included,
            }
        }
    }
}

pub(super) fn run(
    forge: Forge,
    args: &InitArgs,
    root: &Root,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    if !root.exists(PROJECT_FILE) {
        return Err(Failure::refused(format!(
            "there is no {PROJECT_FILE}, which says what jobs are for"
        ))
        .advise(Advice::d3p(["setup"]).what("write it first")));
    }
    let source = env!("CARGO_PKG_REPOSITORY");
    let commit = args.build.as_deref().filter(|own| is_commit(own)).ok_or_else(|| {
        let word = if forge == Forge::Github { "github" } else { "gitlab" };
        Failure::usage("jobs run the d3p of one commit, which its full id names: --build COMMIT")
            .advise(
                Advice::run(["git", "ls-remote", source]).what("see the commits of its versions"),
            )
            .advise(Advice::d3p(["init", "--ci", word]).with("--build", Placeholder::COMMIT))
    })?;
    let jobs = jobs(forge, root);
    let project = load_phase_of(root, global.phase())?;
    let text = text(&jobs, &project, source, commit)?;
    let mut changes = ChangeSet::new(root);
    let kept = root.exists(jobs.path);
    match kept {
        true => changes.keep(jobs.path),
        false => changes.create(jobs.path, text),
    };
    if !args.dry_run {
        changes.apply()?;
    }
    show(&jobs, kept, args.dry_run, global, env)?;
    Ok(Exit::Passed)
}

fn is_commit(text: &str) -> bool {
    [40, 64].contains(&text.len())
        && text.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
}

fn text(jobs: &Jobs, project: &Project, source: &str, commit: &str) -> Result<String, Failure> {
    let phase = &project.phase;
    let launch = phase.launch().and_then(|(kind, def)| Some((phase.step_producing(kind)?, def)));
    let ((step, step_def), evidence) = launch.ok_or_else(|| {
        Failure::refused(format!("{} launches nothing, and needs no jobs", phase.id))
    })?;
    let gate = step_def.before.iter().rev().find_map(|before| match before {
        Before::Gate(gate) => Some(gate.as_str()),
        _ => None,
    });
    let policy = &project.effective().policy;
    // What every process has, a forge's has as well.
    let usual = phase.defaults.pointer("/run/environment").and_then(Value::as_array);
    let is_usual =
        |name: &&String| usual.is_some_and(|all| all.iter().any(|own| own == name.as_str()));
    let variables: Vec<&String> =
        policy.run.environment.iter().filter(|name| !is_usual(name)).collect();
    let server: Vec<&str> = policy.metrics.source.iter().flat_map(|own| own.secrets()).collect();
    let mut secrets: Vec<&str> = policy.run.secrets.iter().map(String::as_str).collect();
    secrets.extend(server.iter().filter(|name| !policy.run.secrets.iter().any(|own| own == *name)));
    let mut context = Context::new();
    let manifest = phase.identity().map_or("", |(_, def)| def.path.as_str());
    context.insert("manifest", manifest);
    context.insert("source", source);
    context.insert("commit", commit);
    context.insert("path", jobs.path);
    context.insert("included", &jobs.included);
    context.insert("host", jobs.host);
    context.insert("push_url", jobs.push_url);
    context.insert("step", step);
    context.insert("gate", gate.unwrap_or_default());
    context.insert("environment", &evidence.environment);
    context.insert("variables", &variables);
    context.insert("secrets", &secrets);
    context.insert("server", &server);
    let watch = render("ci/watch.sh", assets::template("ci/watch.sh"), &context)?;
    context.insert("watch", watch.trim_end());
    render(jobs.template, assets::template(jobs.template), &context)
}

fn show(
    jobs: &Jobs,
    kept: bool,
    dry_run: bool,
    global: &Global,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let include = Advice::edit(
        Location::file(GITLAB),
        format!("name it there: include: {{ local: {} }}", jobs.path),
    );
    if !global.human() {
        let view = json!({
            "path": jobs.path, "kept": kept, "dry_run": dry_run,
            "next": jobs.included.then(|| json::advice(&include)),
        });
        env.out.write_all(json::pretty(&view).as_bytes())?;
        return Ok(());
    }
    let done = match (kept, dry_run) {
        (true, _) => "kept         ",
        (false, true) => "would create ",
        (false, false) => "created      ",
    };
    writeln!(env.out, "{done}{}", jobs.path)?;
    if jobs.included {
        writeln!(env.out, "edit {GITLAB}: {}", include.what)?;
    }
    writeln!(
        env.out,
        "what it needs of the forge stands at its top; commit it before a release is begun"
    )?;
    Ok(())
}
