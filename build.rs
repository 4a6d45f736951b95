//! Lists the files that are embedded, so that a new one needs no line in Rust.

use granit_parser::{Event, Parser, ScalarStyle};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Folders of which every file is embedded.
const FOLDERS: [&str; 4] = ["templates", "schemas", "demo", "examples/evidence"];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut files = Vec::new();
    for folder in FOLDERS {
        println!("cargo::rerun-if-changed={folder}");
        collect(&root, Path::new(folder), &mut files)?;
    }
    files.sort();
    let mut table = String::from("&[\n");
    for path in &files {
        writeln!(table, "    ({path:?}, include_str!({:?})),", root.join(path))?;
    }
    table.push_str("]\n");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("files.rs"), table)?;
    fs::write(out.join("definitions.rs"), definitions(&files, &root)?)?;
    Ok(())
}

/// A table of the definitions of phases, each as JSON.
fn definitions(files: &[String], root: &Path) -> Result<String, Box<dyn Error>> {
    let mut table = String::from("&[\n");
    for path in files {
        let id = path.strip_prefix("templates/").and_then(|rest| rest.strip_suffix("/phase.yaml"));
        let Some(id) = id else { continue };
        let text = fs::read_to_string(root.join(path))?;
        writeln!(table, "    ({id:?}, {:?}),", json(&text)?)?;
    }
    table.push_str("]\n");
    Ok(table)
}

/// The YAML of a definition as JSON. It is as plain as the program's own reader demands, and a test
/// holds that both say the same.
fn json(yaml: &str) -> Result<String, Box<dyn Error>> {
    let mut out = String::new();
    // For each open collection: its end, and how many values stand in it; keys count, too.
    let mut open: Vec<(char, usize)> = Vec::new();
    for event in Parser::new_from_str(yaml) {
        let event = event?.0;
        if matches!(event, Event::SequenceEnd | Event::MappingEnd) {
            out.extend(open.pop().map(|(end, _)| end));
            continue;
        }
        if !matches!(event, Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..))
        {
            continue;
        }
        if let Some((end, count)) = open.last_mut() {
            match (*end, *count) {
                (_, 0) => {}
                ('}', count) if count % 2 == 1 => out.push(':'),
                _ => out.push(','),
            }
            *count += 1;
        }
        match event {
            Event::SequenceStart(..) => {
                out.push('[');
                open.push((']', 0));
            }
            Event::MappingStart(..) => {
                out.push('{');
                open.push(('}', 0));
            }
            Event::Scalar(text, style, ..) => scalar(&text, style == ScalarStyle::Plain, &mut out)?,
            _ => {}
        }
    }
    Ok(out)
}

/// A scalar; a plain one is a number only where its text is how the number prints.
fn scalar(text: &str, plain: bool, out: &mut String) -> Result<(), Box<dyn Error>> {
    let number = text.parse::<i64>().is_ok_and(|own| own.to_string() == text)
        || text.contains('.') && text.parse::<f64>().is_ok_and(|own| own.to_string() == text);
    match text {
        "" | "~" | "null" if plain => out.push_str("null"),
        "true" | "false" if plain => out.push_str(text),
        _ if plain && number => out.push_str(text),
        _ => {
            out.push('"');
            for own in text.chars() {
                match own {
                    '"' | '\\' => out.extend(['\\', own]),
                    '\0'..='\u{1f}' => write!(out, "\\u{:04x}", u32::from(own))?,
                    _ => out.push(own),
                }
            }
            out.push('"');
        }
    }
    Ok(())
}

/// Adds the path of every file below `folder`, with `/` between its parts.
fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            collect(root, &path, files)?;
        } else {
            let path = path.to_str().ok_or("the name of an embedded file is not UTF-8")?;
            files.push(path.replace('\\', "/"));
        }
    }
    Ok(())
}
