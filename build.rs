//! Lists the files that are embedded, so that a new one needs no line in Rust.

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
    for path in files {
        writeln!(table, "    ({path:?}, include_str!({:?})),", root.join(&path))?;
    }
    table.push_str("]\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("files.rs"), table)?;
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
