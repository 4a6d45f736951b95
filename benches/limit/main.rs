//! The limit that `benches/speed` holds `d3p` against: what it costs to walk, read, hash, parse and
//! validate the same files, with the same crates and without a single rule.
//!
//! `limit DIR [THREADS]`: a release is a directory with a `d3p.yaml`, anywhere below DIR. Frozen: whoever changes
//! it makes earlier figures worthless.

#![allow(clippy::missing_docs_in_private_items, reason = "a few lines, of which nobody uses any")]

use jsonschema::{Draft, Registry, Validator};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, OnceLock};
use std::{env, fs, thread};

/// The schemas as values, each parsed when it is first needed, once in a process.
static VALUES: LazyLock<HashMap<&str, OnceLock<Value>>> = LazyLock::new(|| {
    d3p::testing::schema::names().into_iter().map(|name| (name, OnceLock::new())).collect()
});

type Failed = Box<dyn Error + Send + Sync>;

/// The schemas, each compiled when it is first needed, once in a process.
static SCHEMAS: LazyLock<HashMap<&str, OnceLock<Validator>>> = LazyLock::new(|| {
    d3p::testing::schema::names().into_iter().map(|name| (name, OnceLock::new())).collect()
});

/// What was found of some files.
#[derive(Default, Debug)]
struct Sum {
    files: usize,
    bytes: usize,
    /// Of all digests, so that none can be left out.
    mixed: u8,
    parsed: usize,
    invalid: usize,
}

fn schema(name: &str) -> Result<&'static Value, Failed> {
    let parse = || {
        let text = d3p::testing::schema::text(name).unwrap_or("true");
        serde_json::from_str(text).unwrap_or_default()
    };
    Ok(VALUES.get(name).ok_or("no such schema")?.get_or_init(parse))
}

/// Adds what a schema refers to, and what that refers to.
fn referred<'a>(
    value: &'a Value,
    found: &mut HashMap<&'a str, &'static Value>,
) -> Result<(), Failed> {
    match value {
        Value::Object(members) => {
            if let Some(name) = members.get("$ref").and_then(Value::as_str)
                && let Some(name) = name.split('#').next().and_then(|name| name.split(".v1").next())
                && let name = name.rsplit('/').next().unwrap_or(name)
                && !name.is_empty()
                && !found.contains_key(name)
            {
                let own = schema(name)?;
                found.insert(name, own);
                referred(own, found)?;
            }
            members.values().try_for_each(|member| referred(member, found))
        }
        Value::Array(items) => items.iter().try_for_each(|item| referred(item, found)),
        _ => Ok(()),
    }
}

fn compile(name: &str) -> Result<Validator, Failed> {
    let schema = schema(name)?;
    let mut beside = HashMap::new();
    referred(schema, &mut beside)?;
    let mut registry = Registry::new().draft(Draft::Draft202012);
    for own in beside.into_values() {
        let id = own.get("$id").and_then(Value::as_str).unwrap_or_default();
        registry = registry.add(id, own)?;
    }
    let registry = registry.prepare()?;
    let options = jsonschema::options().with_draft(Draft::Draft202012).with_registry(&registry);
    options.build(schema).map_err(|error| error.to_string().into())
}

impl Sum {
    fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.bytes += other.bytes;
        self.mixed ^= other.mixed;
        self.parsed += other.parsed;
        self.invalid += other.invalid;
    }

    fn value(&mut self, value: Result<Value, Failed>, kind: Option<&str>) {
        self.parsed += 1;
        let Ok(value) = value else {
            self.invalid += 1;
            return;
        };
        let word = |key: &str| value.get(key).and_then(Value::as_str);
        let by_url = word("$schema").and_then(|url| url.rsplit('/').next()?.split(".v1").next());
        let Some(name) = kind.or(by_url).or_else(|| word("kind")) else { return };
        let Some(schema) = SCHEMAS.get(name) else { return };
        let valid = match schema.get() {
            Some(schema) => schema.is_valid(&value),
            None => compile(name).is_ok_and(|own| schema.get_or_init(|| own).is_valid(&value)),
        };
        self.invalid += usize::from(!valid);
    }

    fn file(&mut self, path: &Path) -> Result<(), Failed> {
        let bytes = fs::read(path)?;
        self.files += 1;
        self.bytes += bytes.len();
        self.mixed ^= Sha256::digest(&bytes)[0];
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let shown = path.to_string_lossy();
        let text = String::from_utf8_lossy(&bytes);
        match ending {
            "json" | "sarif" => {
                let record =
                    shown.contains("/records/") && name.starts_with(|c: char| c.is_ascii_digit());
                self.value(
                    serde_json::from_str(&text).map_err(Into::into),
                    record.then_some("gate-record"),
                );
            }
            "jsonl" => {
                for line in text.lines() {
                    self.value(
                        serde_json::from_str(line).map_err(Into::into),
                        Some("ledger-entry"),
                    );
                }
            }
            "yaml" => self.value(yaml(&text), Some("d3p")),
            "md" => {
                let front = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
                if let Some((front, _)) = front {
                    self.value(yaml(front), None);
                }
                let body = front.map_or(&*text, |(_, body)| body);
                let options = pulldown_cmark::Options::ENABLE_TABLES
                    | pulldown_cmark::Options::ENABLE_TASKLISTS;
                self.parsed += pulldown_cmark::Parser::new_ext(body, options).count().min(1);
            }
            "xml" => {
                let mut reader = quick_xml::Reader::from_str(&text);
                while !matches!(reader.read_event(), Ok(quick_xml::events::Event::Eof) | Err(_)) {}
                self.parsed += 1;
            }
            _ => {}
        }
        Ok(())
    }
}

fn yaml(text: &str) -> Result<Value, Failed> {
    Ok(serde_saphyr::from_str(text)?)
}

/// Directories that hold a release.
fn releases(dir: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failed> {
    if dir.join("d3p.yaml").exists() {
        found.push(dir.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            releases(&entry.path(), found)?;
        }
    }
    Ok(())
}

fn release(dir: &Path) -> Result<Sum, Failed> {
    let mut sum = Sum::default();
    let wanted = |entry: &walkdir::DirEntry| entry.file_name() != ".git";
    for entry in walkdir::WalkDir::new(dir).into_iter().filter_entry(wanted) {
        let entry = entry?;
        if entry.file_type().is_file() {
            sum.file(entry.path())?;
        }
    }
    Ok(sum)
}

fn main() -> Result<(), Failed> {
    let mut args = env::args().skip(1).filter(|arg| arg != "--bench");
    let dir = PathBuf::from(args.next().ok_or("limit DIR [THREADS]")?);
    let threads: usize = args.next().map_or(Ok(1), |count| count.parse())?;
    let mut found = Vec::new();
    releases(&dir, &mut found)?;
    let next = AtomicUsize::new(0);
    let work = || -> Result<Sum, Failed> {
        let mut sum = Sum::default();
        while let Some(dir) = found.get(next.fetch_add(1, Ordering::Relaxed)) {
            sum.add(&release(dir)?);
        }
        Ok(sum)
    };
    let mut all = Sum::default();
    if threads < 2 {
        all.add(&work()?);
    } else {
        thread::scope(|scope| {
            let begun: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            begun.into_iter().try_for_each(|thread| {
                all.add(&thread.join().map_err(|_| "a thread ended by a panic")??);
                Ok::<(), Failed>(())
            })
        })?;
    }
    let releases = found.len();
    writeln!(std::io::stdout(), "{releases} releases {all:?}")?;
    Ok(())
}
