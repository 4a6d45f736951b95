//! What a package carries beside the program: completions and manual pages, made of the arguments.

use clap_complete::{Shell, generate};
use std::fs;
use std::io;
use std::path::Path;

/// Each shell, and where packages put what completes in it, below `share`.
const COMPLETIONS: [(Shell, &str); 5] = [
    (Shell::Bash, "bash-completion/completions/d3p"),
    (Shell::Elvish, "elvish/lib/d3p.elv"),
    (Shell::Fish, "fish/vendor_completions.d/d3p.fish"),
    (Shell::PowerShell, "powershell/d3p.ps1"),
    (Shell::Zsh, "zsh/site-functions/_d3p"),
];

/// Writes them below `into/share`.
pub(crate) fn write(into: &Path) -> io::Result<()> {
    let share = into.join("share");
    for (shell, path) in COMPLETIONS {
        let mut text = Vec::new();
        generate(shell, &mut d3p::testing::cli::command(), "d3p", &mut text);
        let path = share.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&share))?;
        fs::write(path, text)?;
    }
    let pages = share.join("man/man1");
    fs::create_dir_all(&pages)?;
    clap_mangen::generate_to(d3p::testing::cli::command(), pages)
}
