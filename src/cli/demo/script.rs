//! The demo release, as `demo/story.yaml` tells it: what is written, what is run, how it must end.

use crate::assets;
use crate::env::Exit;
use crate::model::Sha256Digest;
use crate::source::PROJECT_FILE;
use crate::text::yaml;
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;

/// One step of a release.
#[derive(Clone, Debug)]
pub struct Step {
    /// What happens, for people.
    pub title: String,
    /// How it is done.
    pub action: Action,
}

/// How a step is done. Texts are templates, filled in when the step is played.
#[derive(Clone, Debug)]
pub enum Action {
    /// Writes files: path → template.
    Write(Vec<(String, String)>),
    /// Runs `d3p`: arguments, standard input, expected end, and how many last lines to show.
    Run {
        /// Arguments after the program's name.
        args: Vec<String>,
        /// Template of standard input.
        stdin: Option<String>,
        /// How it must end.
        expect: Exit,
        /// Last lines of its output that are shown.
        tail: usize,
    },
    /// Makes a throw-away key below `.git`, and the one line of the allowed signers.
    Key {
        /// The key's file, from the project's root.
        path: String,
        /// Whose it is.
        identity: String,
    },
    /// Waits.
    Wait(Duration),
}

/// The demo's story.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Story {
    /// The demo's throw-away key.
    key: String,
    /// Whose it is.
    identity: String,
    /// What is changed at the end, in a copy.
    pub(super) tampered: Tampered,
    /// What the pinned baseline is.
    baseline: Pinned,
    scenes: Vec<Scene>,
}

/// One change of one file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tampered {
    pub(super) path: String,
    pub(super) find: String,
    pub(super) replace: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pinned {
    release: String,
    path: String,
}

/// What happens at one point of the story.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scene {
    title: String,
    run: Option<Vec<String>>,
    record: Option<String>,
    body: Option<Value>,
    hook: Option<String>,
    #[serde(default)]
    write: bool,
    #[serde(default)]
    wait: u64,
    #[serde(default)]
    refused: bool,
    tail: Option<usize>,
    #[serde(default)]
    signed: Vec<Scene>,
}

/// The embedded story.
pub(super) fn story() -> Story {
    let text = assets::file("demo/story.yaml").unwrap_or_default();
    let value = yaml::parse(text).expect("a test reads the embedded story");
    serde_json::from_value(value).expect("a test reads the embedded story")
}

/// How the story is played.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Manner {
    /// Evidence is made by running the project's own scripts, not typed.
    hooks: bool,
    /// The approval is signed, not typed.
    signed: bool,
}

impl Manner {
    /// Whether what is measured is compared with a baseline. Whoever signs the GO to a first release sees
    /// what was measured; where nobody can sign, numbers of the release before are pinned, unproven.
    fn compares(self) -> bool {
        !(self.hooks && self.signed)
    }
}

/// The whole release, its evidence made by running the project's own scripts, its approval signed
/// where `signed`.
pub fn run_script(signed: bool) -> Vec<Step> {
    script(Manner { hooks: true, signed })
}

/// The whole release with its evidence typed by hand and its approval signed.
pub fn signed_script() -> Vec<Step> {
    script(Manner { hooks: false, signed: true })
}

/// The whole release with its evidence typed by hand, from `init` to `verify`: what tests lie about.
pub fn release_script() -> Vec<Step> {
    script(Manner { hooks: false, signed: false })
}

fn script(manner: Manner) -> Vec<Step> {
    let story = story();
    let mut out = Vec::new();
    for scene in &story.scenes {
        if manner.signed && !scene.signed.is_empty() {
            scene.signed.iter().for_each(|scene| play(scene, &story, manner, &mut out));
        } else {
            play(scene, &story, manner, &mut out);
        }
    }
    out
}

fn play(scene: &Scene, story: &Story, manner: Manner, out: &mut Vec<Step>) {
    let mut add = |title: &str, action| out.push(Step { title: title.to_owned(), action });
    if scene.wait > 0 {
        add("wait for the next check-in", Action::Wait(Duration::from_secs(scene.wait)));
    }
    if scene.write {
        if manner.signed {
            let (path, identity) = (story.key.clone(), story.identity.clone());
            add("a person makes a key of their own", Action::Key { path, identity });
        }
        add(&scene.title, Action::Write(files(story, manner)));
        return;
    }
    let hook = scene.hook.as_ref().filter(|_| manner.hooks);
    let (args, stdin) = match (hook, &scene.record) {
        (Some(hook), _) => (vec!["run".to_owned(), hook.clone()], None),
        (None, Some(kind)) => {
            let args = ["record", kind, "--from", "-"].map(str::to_owned).to_vec();
            let given = scene.body.as_ref().map(Value::to_string);
            (args, given.or_else(|| assets::demo_body(kind).map(str::to_owned)))
        }
        (None, None) => (scene.run.clone().unwrap_or_default(), None),
    };
    let expect = if scene.refused { Exit::Refused } else { Exit::Passed };
    let tail = scene.tail.unwrap_or(if hook.is_some() { 3 } else { 1 });
    add(&scene.title, Action::Run { args, stdin, expect, tail });
}

/// The documents, the manifest, the rollback plan and what other phases hand over, filled in.
fn files(story: &Story, manner: Manner) -> Vec<(String, String)> {
    let mut files = vec![(PROJECT_FILE.to_owned(), policy(story, manner))];
    files.extend(assets::demo_release().map(|(path, text)| (path.to_owned(), text.to_owned())));
    if manner.hooks {
        for (_, text) in &mut files {
            *text = text.replace("| 1s |", "| 5s |");
        }
    }
    files
}

/// The policy of the demo: short windows, and it says that it is a demo.
fn policy(story: &Story, manner: Manner) -> String {
    let mut text = assets::file("demo/policy.yaml").unwrap_or_default().to_owned();
    if manner.signed {
        let role = "role: release manager";
        text = text
            .replace("signatures: \"off\"", "signatures: \"on\"")
            .replace(role, &format!("{role}, principals: [{}]", story.identity));
    }
    if manner.hooks {
        if manner.compares() {
            let Pinned { release, path } = &story.baseline;
            let pinned = assets::file(&format!("demo/repository/{path}")).unwrap_or_default();
            let sha256 = Sha256Digest::of(pinned.as_bytes());
            let suites = "suites: [smoke, contract]";
            let baseline = format!(
                "{suites}, baseline: {{ release: {release}, path: {path}, sha256: {sha256} }}"
            );
            text = text.replace(suites, &baseline);
        }
        // A slow machine takes a while for each run.
        text = text.replace("window: 4s, interval: 1s", "window: 5s, interval: 5s");
        text.push_str(assets::file("demo/hooks.yaml").unwrap_or_default());
    }
    text
}
