//! Writes the pages that are made from the code's own tables, or checks that they are current.
//!
//! `cargo run --example generate` writes them; with `-- --check` it compares, shows what differs
//! and ends with 1. With `-- --package DIR` it writes what packages carry beside the program,
//! completions and manual pages, into `DIR/share`.

mod package;
mod pages;
mod reference;

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

fn main() -> io::Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {}
        ["--check"] => {
            let differences = pages::differences(root);
            io::stdout().write_all(differences.as_bytes())?;
            return Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        ["--package", into] => {
            package::write(Path::new(into))?;
            return Ok(ExitCode::SUCCESS);
        }
        other => {
            let other = other.join(" ");
            writeln!(io::stderr(), "{other} is neither --check nor --package DIR")?;
            return Ok(ExitCode::from(2));
        }
    }
    for (path, text) in pages::all() {
        fs::create_dir_all(root.join(path).parent().unwrap_or(root))?;
        fs::write(root.join(path), text)?;
        writeln!(io::stdout(), "wrote {path}")?;
    }
    Ok(ExitCode::SUCCESS)
}
