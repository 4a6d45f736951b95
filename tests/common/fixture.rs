//! Rule fixtures as data: what is done to an honest release, and what must be said about it.
//!
//! The format is described in `tests/rules/README.md`.

use super::World;
use super::archive::{self, Piece};
use super::template::fill;
use d3p::testing::cli::demo::{Action, Step, release_script, signed_script};
use d3p::testing::model::{Span, Stamp};
use d3p::testing::text::{canonical, yaml};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// One fixture.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    /// What this shows, one sentence.
    pub why: String,
    /// Whether the approval of the release is signed.
    #[serde(default)]
    pub signed: bool,
    /// The step of the demo script to play up to; the whole release when absent.
    #[serde(default)]
    pub until: Vec<String>,
    /// What is done to the release, in order.
    #[serde(default, rename = "do")]
    pub edits: Vec<Edit>,
    /// The moment of judgement; right after the edits when absent.
    pub at: Option<String>,
    /// The command whose report is looked at; `check` up to the next gate when absent.
    pub command: Option<Vec<String>>,
    /// The command that must refuse; the next gate, or `verify`, when absent.
    pub judge: Option<Vec<String>>,
    /// What must be reported; only in fixtures that fail.
    pub expect: Option<Expect>,
    /// Other rules that the report must name, each for a reason of its own.
    #[serde(default)]
    pub also: Vec<String>,
    /// Rules that are reported besides and wait for whoever says GO, so that no gate before it minds.
    #[serde(default)]
    pub waits: Vec<String>,
}

/// What must be reported.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    pub path: String,
    pub line: Option<u64>,
    pub column: Option<u64>,
    pub pointer: Option<String>,
    pub state: Option<String>,
    pub message: Option<String>,
    pub count: Option<usize>,
    pub exit: Option<u8>,
}

/// One change; exactly one of its keys is given (`stdin` goes with `run`).
#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Edit {
    write: Option<Text>,
    append: Option<Text>,
    edit: Option<Replace>,
    json: Option<Json>,
    bytes: Option<Bytes>,
    pad: Option<Pad>,
    link: Option<Link>,
    remove: Option<String>,
    directory: Option<String>,
    copy: Option<Copy>,
    run: Option<Vec<String>>,
    stdin: Option<String>,
    exit: u8,
    play: Option<Vec<String>>,
    wait: Option<String>,
    commit: Option<String>,
    git: Option<Vec<String>>,
    repack: Option<Repack>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Text {
    path: String,
    text: String,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Replace {
    path: String,
    find: String,
    replace: String,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Json {
    path: String,
    /// A text in the file that is canonical JSON itself, such as an approval's statement.
    inside: Option<String>,
    #[serde(default)]
    set: BTreeMap<String, Value>,
    #[serde(default)]
    remove: Vec<String>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Bytes {
    path: String,
    hex: String,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Pad {
    path: String,
    to: usize,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Link {
    path: String,
    to: String,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Copy {
    from: String,
    to: String,
}

/// What is done to a bundle.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Repack {
    file: String,
    /// Members, each at its place in the order: by path, their text.
    #[serde(default)]
    set: BTreeMap<String, String>,
    #[serde(default)]
    remove: Vec<String>,
    /// Symbolic links, by path.
    #[serde(default)]
    link: BTreeMap<String, String>,
    /// Bytes after the end.
    #[serde(default)]
    append: String,
}

impl Repack {
    fn apply(&self, world: &World) -> Result<(), String> {
        let path = world.dir.join(&self.file);
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", self.file))?;
        let mut pieces = archive::pieces(&bytes);
        for gone in &self.remove {
            let before = pieces.len();
            pieces.retain(|piece| piece.name() != *gone);
            if pieces.len() == before {
                return Err(format!("the bundle has no {gone}"));
            }
        }
        let links = self.link.iter().map(|(path, to)| Piece::of_kind(path, b'2', to));
        for (path, text) in &self.set {
            archive::put(&mut pieces, Piece::file(path, fill(world, text)?));
        }
        links.for_each(|link| archive::put(&mut pieces, link));
        let mut bytes = archive::gzip(&archive::tar(&pieces));
        bytes.extend(self.append.as_bytes());
        fs::write(&path, bytes).map_err(|error| error.to_string())
    }
}

/// A played release, and how far it was played.
pub struct Base {
    pub world: World,
    next: usize,
    script: Vec<Step>,
}

impl Fixture {
    /// Reads one.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        let value = yaml::parse(&text).map_err(|faults| faults[0].message.clone())?;
        serde_json::from_value(value).map_err(|error| error.to_string())
    }

    /// Whether the rule must not fire.
    pub fn is_pass(&self) -> bool {
        self.expect.is_none()
    }
}

/// All fixtures of one rule, by file name.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    files.sort();
    files
}

/// Number of steps up to and including the one that runs `d3p` with `last`; all when it is empty.
pub fn steps_until(last: &[String], signed: bool) -> Result<usize, String> {
    end_of(&script(signed), last)
}

fn script(signed: bool) -> Vec<Step> {
    if signed { signed_script() } else { release_script() }
}

fn end_of(script: &[Step], last: &[String]) -> Result<usize, String> {
    if last.is_empty() {
        return Ok(script.len());
    }
    let is_last = |step: &Step| matches!(&step.action, Action::Run { args, .. } if args == last);
    let index = script.iter().rposition(is_last);
    index.map(|index| index + 1).ok_or_else(|| format!("the script has no step {last:?}"))
}

impl Base {
    /// Nothing played yet.
    pub fn new(signed: bool) -> Self {
        Self { world: World::new(), next: 0, script: script(signed) }
    }

    pub fn copy(&self) -> Self {
        Self { world: self.world.copy(), next: self.next, script: self.script.clone() }
    }

    /// Goes on to the first `end` steps of the script.
    pub fn play_to(&mut self, end: usize) -> Result<(), String> {
        let start = std::mem::replace(&mut self.next, end);
        let steps = self.script.get(start..end).ok_or("the script cannot be played backwards")?;
        let played = self.world.play_freely(steps);
        match played.iter().find(|step| !step.as_expected) {
            Some(step) => Err(format!("{} ended otherwise: {}", step.title, step.output)),
            None => Ok(()),
        }
    }

    /// The first gate that the script has not passed yet.
    pub fn next_gate(&self) -> Option<String> {
        self.script[self.next..].iter().find_map(|step| match &step.action {
            Action::Run { args, expect, .. }
                if args[0] == "gate" && *expect == d3p::Exit::Passed =>
            {
                Some(args[1].clone())
            }
            _ => None,
        })
    }

    /// Makes one change.
    pub fn apply(&mut self, edit: &Edit) -> Result<(), String> {
        let world = &self.world;
        let fill = |text: &str| fill(world, text);
        if let Some(Text { path, text }) = &edit.write {
            world.write(&fill(path)?, fill(text)?);
        } else if let Some(Text { path, text }) = &edit.append {
            let path = fill(path)?;
            world.write(&path, world.read(&path) + &fill(text)?);
        } else if let Some(Pad { path, to }) = &edit.pad {
            let mut text = world.read(path);
            text.extend(std::iter::repeat_n(' ', to.saturating_sub(text.len())));
            world.write(path, text);
        } else if let Some(Replace { path, find, replace }) = &edit.edit {
            let text = world.read(path);
            if !text.contains(&fill(find)?) {
                return Err(format!("{path} does not contain {find}"));
            }
            world.write(path, text.replacen(&fill(find)?, &fill(replace)?, 1));
        } else if let Some(json) = &edit.json {
            json.apply(world)?;
        } else if let Some(Bytes { path, hex }) = &edit.bytes {
            world.write(path, from_hex(hex)?);
        } else if let Some(Copy { from, to }) = &edit.copy {
            world.write(
                &fill(to)?,
                fs::read(world.dir.join(fill(from)?)).map_err(|error| error.to_string())?,
            );
        } else if let Some(path) = &edit.remove {
            world.remove(&fill(path)?);
        } else if let Some(path) = &edit.directory {
            world.clear(path);
            fs::create_dir_all(world.dir.join(path)).map_err(|error| error.to_string())?;
        } else if let Some(Link { path, to }) = &edit.link {
            world.clear(path);
            std::os::unix::fs::symlink(to, world.dir.join(path))
                .map_err(|error| error.to_string())?;
        } else if let Some(args) = &edit.run {
            return self.run(args, edit.stdin.as_deref(), edit.exit);
        } else if let Some(last) = &edit.play {
            return self.play_to(end_of(&self.script, last)?);
        } else if let Some(span) = &edit.wait {
            let span = Span::parse(span).map_err(|error| error.to_string())?;
            world.pass(Duration::from_secs(span.seconds()));
        } else if let Some(repack) = &edit.repack {
            repack.apply(world)?;
        } else if let Some(message) = &edit.commit {
            commit(world, message)?;
        } else if let Some(args) = &edit.git {
            let args = args.iter().map(|arg| fill(arg)).collect::<Result<Vec<_>, _>>()?;
            git(world, &args.iter().map(String::as_str).collect::<Vec<_>>())?;
        } else {
            return Err(format!("no change: {edit:?}"));
        }
        Ok(())
    }

    fn run(&self, args: &[String], stdin: Option<&str>, exit: u8) -> Result<(), String> {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let said = self.world.run_with(&args, &fill(&self.world, stdin.unwrap_or_default())?);
        if said.exit.code() == exit {
            return Ok(());
        }
        Err(format!("{args:?} ended with {:?}: {}", said.exit, said.all()))
    }

    /// The moment that `expression` names.
    pub fn moment(&self, expression: &str) -> Result<Stamp, String> {
        Stamp::parse(&fill(&self.world, expression)?).map_err(|error| error.to_string())
    }
}

impl Json {
    fn apply(&self, world: &World) -> Result<(), String> {
        let read = |text: &str| serde_json::from_str(text).map_err(|error| error.to_string());
        let mut file: Value = read(&world.read(&self.path))?;
        if let Some(inside) = &self.inside {
            let place = file.pointer_mut(inside).ok_or_else(|| format!("no {inside}"))?;
            let mut inner = read(place.as_str().unwrap_or_default())?;
            self.change(&mut inner, world)?;
            *place = Value::String(canonical::to_canonical(&inner));
        } else {
            self.change(&mut file, world)?;
        }
        let text = serde_json::to_string_pretty(&file).map_err(|error| error.to_string())?;
        world.write(&self.path, text + "\n");
        Ok(())
    }

    fn change(&self, file: &mut Value, world: &World) -> Result<(), String> {
        for (pointer, value) in &self.set {
            let value = filled(world, value)?;
            match parent(file, pointer)? {
                (Value::Object(members), key) => {
                    members.insert(key.to_owned(), value);
                }
                (Value::Array(items), "-") => items.push(value),
                (Value::Array(items), key) => {
                    let index: usize = key.parse().map_err(|_| format!("no {pointer}"))?;
                    *items.get_mut(index).ok_or_else(|| format!("no {pointer}"))? = value;
                }
                _ => return Err(format!("no {pointer}")),
            }
        }
        for pointer in &self.remove {
            match parent(file, pointer)? {
                (Value::Object(members), key) => {
                    members.shift_remove(key).ok_or_else(|| format!("no {pointer}"))?;
                }
                (Value::Array(items), key) => {
                    let index: usize = key.parse().map_err(|_| format!("no {pointer}"))?;
                    items.remove(index);
                }
                _ => return Err(format!("no {pointer}")),
            }
        }
        Ok(())
    }
}

fn parent<'a, 'p>(
    file: &'a mut Value,
    pointer: &'p str,
) -> Result<(&'a mut Value, &'p str), String> {
    let (parent, key) = pointer.rsplit_once('/').ok_or_else(|| format!("no pointer: {pointer}"))?;
    Ok((file.pointer_mut(parent).ok_or_else(|| format!("no {parent}"))?, key))
}

fn filled(world: &World, value: &Value) -> Result<Value, String> {
    Ok(match value {
        Value::String(text) => Value::String(fill(world, text)?),
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| filled(world, item)).collect::<Result<_, _>>()?)
        }
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(key, value)| Ok((key.clone(), filled(world, value)?)))
                .collect::<Result<_, String>>()?,
        ),
        other => other.clone(),
    })
}

fn from_hex(hex: &str) -> Result<Vec<u8>, String> {
    let digits: Vec<u8> = hex.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let byte = |pair: &[u8]| {
        let text = std::str::from_utf8(pair).map_err(|error| error.to_string())?;
        u8::from_str_radix(text, 16).map_err(|error| error.to_string())
    };
    digits.chunks(2).map(byte).collect()
}

fn commit(world: &World, message: &str) -> Result<(), String> {
    git(world, &["add", "--all"])?;
    git(world, &["commit", "--quiet", "-m", message])
}

/// Runs git in the project, with nothing of this machine's settings.
pub(super) fn git(world: &World, args: &[&str]) -> Result<(), String> {
    let done = std::process::Command::new("git")
        .args(["-c", "user.name=T", "-c", "user.email=t@example.com"])
        .args(args)
        .current_dir(&world.dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .status();
    if done.is_ok_and(|status| status.success()) {
        Ok(())
    } else {
        Err(format!("git {args:?} failed"))
    }
}
