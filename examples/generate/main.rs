//! Writes the pages that are made from the code's own tables, or checks that they are current.
//!
//! `cargo run --example generate` writes them; with `-- --check` it compares, shows what differs
//! and ends with 1.

mod pages;
mod reference;

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

fn main() -> io::Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let check = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => {
            writeln!(io::stderr(), "unknown argument {other}; the only one is --check")?;
            return Ok(ExitCode::from(2));
        }
    };
    if check {
        let differences = pages::differences(root);
        io::stdout().write_all(differences.as_bytes())?;
        return Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    for (path, text) in pages::all() {
        fs::create_dir_all(root.join(path).parent().unwrap_or(root))?;
        fs::write(root.join(path), text)?;
        writeln!(io::stdout(), "wrote {path}")?;
    }
    Ok(ExitCode::SUCCESS)
}
