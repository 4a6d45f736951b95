//! What `${…}` means in a fixture: the clock, values and digests of the release's files.

use super::World;
use d3p::testing::markdown;
use d3p::testing::model::{Sha256Digest, Span, Stamp};
use d3p::testing::text::yaml;
use serde_json::Value;

/// Fills in `${now - 1h}`, `${PATH#/pointer + 5m}`, `${sha256 PATH}`, `${line 3 PATH}` (the digest of
/// a line), `${phase}` (the text of the embedded phase definition), `${remote}` (the directory of an
/// empty repository that everybody could push to), `${lock}` (the ref of the launch lock in it),
/// `${authority}` (the address of an authority of time, whose clock stands at now), `${authority root}`
/// (the certificate that vouches for it) and `${authority away}` (nothing; it answers no more).
pub fn fill(world: &World, text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (inside, behind) =
            after.split_once('}').ok_or_else(|| format!("`}}` after {before}"))?;
        out.push_str(before);
        out.push_str(&value(world, inside.trim())?);
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}

fn value(world: &World, expression: &str) -> Result<String, String> {
    if let Some(path) = expression.strip_prefix("sha256 ") {
        return Ok(Sha256Digest::of(world.read(path.trim()).as_bytes()).to_string());
    }
    if let Some((number, path)) =
        expression.strip_prefix("line ").and_then(|rest| rest.split_once(' '))
    {
        let text = world.read(path);
        let line = match number {
            "last" => text.lines().last(),
            _ => number.parse().ok().and_then(|number: usize| text.lines().nth(number - 1)),
        };
        let line = line.ok_or_else(|| format!("no line {number}"))?;
        return Ok(Sha256Digest::of(line.as_bytes()).to_string());
    }
    for (sign, factor) in [(" + ", 1), (" - ", -1)] {
        if let Some((base, span)) = expression.split_once(sign) {
            let stamp = Stamp::parse(&plain(world, base)?).map_err(|error| error.to_string())?;
            let span = Span::parse(span).map_err(|error| error.to_string())?;
            let seconds =
                factor * i64::try_from(span.seconds()).map_err(|error| error.to_string())?;
            let moved = stamp.timestamp() + jiff::SignedDuration::from_secs(seconds);
            return Ok(Stamp::from_timestamp(moved).to_string());
        }
    }
    plain(world, expression)
}

/// The directory of an empty repository beside the project, which everybody could push to.
fn remote(world: &World) -> Result<String, String> {
    let dir = world.dir.with_file_name("remote.git");
    let text = dir.to_str().ok_or("the path is not UTF-8")?.to_owned();
    if !dir.exists() {
        super::fixture::git(world, &["init", "--quiet", "--bare", &text])?;
    }
    Ok(text)
}

/// The authority of time: its address, with its clock at that of the world; or what it does from now
/// on; or the certificate of its root.
#[cfg(unix)]
fn authority(world: &World, what: &str) -> Result<String, String> {
    use super::authority::{Authority, Manner};
    use std::collections::BTreeMap;
    use std::path::PathBuf;
    use std::sync::{Mutex, PoisonError};
    // Each world has its own: fixtures are played beside each other.
    static ALL: Mutex<BTreeMap<PathBuf, &'static Authority>> = Mutex::new(BTreeMap::new());
    let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    let own =
        *all.entry(world.dir.clone()).or_insert_with(|| Box::leak(Box::new(Authority::new())));
    own.at(world.now());
    own.is(Manner::Honest);
    match what {
        "" => Ok(own.url.clone()),
        "root" => Ok(own.root("own")),
        "away" => {
            own.is(Manner::Garbage);
            Ok(String::new())
        }
        _ => Err(format!("the authority has no {what}")),
    }
}

fn plain(world: &World, expression: &str) -> Result<String, String> {
    #[cfg(unix)]
    if let Some(what) = expression.strip_prefix("authority") {
        return authority(world, what.trim());
    }
    if expression == "phase" {
        return Ok(crate::common::PHASE_TEXT.to_owned());
    }
    if expression == "remote" {
        return remote(world);
    }
    if expression == "lock" {
        let ledger = world.read(".artifacts/deployment/records/ledger.jsonl");
        let (_, rest) = ledger.split_once("\"ref\":\"").ok_or("no line names the launch lock")?;
        return Ok(rest.split('"').next().unwrap_or_default().to_owned());
    }
    if expression == "now" {
        return Ok(world.now().to_string());
    }
    let (path, pointer) =
        expression.split_once('#').ok_or_else(|| format!("cannot fill in {expression}"))?;
    let text = world.read(path);
    let json = |text: &str| serde_json::from_str(text).map_err(|error| error.to_string());
    let mut file: Value = match path.rsplit_once('.') {
        Some((_, "json")) => json(&text)?,
        Some((_, "yaml")) => yaml::parse(&text).map_err(|faults| faults[0].message.clone())?,
        _ => markdown::parse(&text).front_matter.map_or(Value::Null, |matter| matter.value),
    };
    let mut pointer = pointer;
    // A text that is JSON itself, such as an approval's statement.
    while let Some((outer, inner)) = pointer.split_once('#') {
        let text = file.pointer(outer).and_then(Value::as_str).unwrap_or_default();
        file = json(text)?;
        pointer = inner;
    }
    match file.pointer(pointer) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(value) => Ok(value.to_string()),
        None => Err(format!("{path} has no {pointer}")),
    }
}
