//! Repositories of our own: a few files, written as git wants them.

use super::io;
use crate::collect::git::{GitError, run};
use std::fs;
use std::path::{Path, PathBuf};

/// What a clone lends: its objects, and where its history ends.
#[derive(Debug)]
pub(super) struct Lender {
    /// Its objects.
    pub(super) objects: PathBuf,
    /// The rest of it.
    pub(super) common: PathBuf,
    /// `sha1` or `sha256`.
    pub(super) format: String,
}

impl Lender {
    /// Writes a bare repository into `dir` that has the clone's objects and nothing else of it.
    pub(super) fn write(&self, dir: &Path) -> Result<(), GitError> {
        // What is sent is read once and thrown away: nothing is packed tightly for it.
        let packs = "[pack]\n\twindow = 0\n\tcompression = 0\n";
        layout(dir, &self.format, &format!("\tbare = true\n{packs}"))?;
        self.alternates(dir)?;
        self.shallow(dir)
    }

    fn alternates(&self, dir: &Path) -> Result<(), GitError> {
        let mut line = self.objects.as_os_str().as_encoded_bytes().to_vec();
        if line.contains(&b'\n') {
            return Err(GitError::Other(
                "the path of the repository holds a line break".to_owned(),
            ));
        }
        line.push(b'\n');
        write_file(&dir.join("objects/info/alternates"), &line)
    }

    /// Where the clone's history is cut off: without it git would look for parents in vain.
    fn shallow(&self, dir: &Path) -> Result<(), GitError> {
        let path = dir.join("shallow");
        match fs::read(self.common.join("shallow")) {
            Ok(bytes) => write_file(&path, &bytes),
            Err(_) if path.exists() => fs::remove_file(&path).map_err(|error| io(&path, &error)),
            Err(_) => Ok(()),
        }
    }
}

/// Writes the repository of a tree, without a commit yet.
pub(super) fn write(dir: &Path, format: &str) -> Result<(), GitError> {
    // One pack, which git asks before anything that is lent later; nothing is tidied up meanwhile.
    let rest = "\tbare = false\n\tlogAllRefUpdates = false\n[fetch]\n\tunpackLimit = 1\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n";
    layout(dir, format, rest)
}

/// Lends what the clone has besides, and tells its tags. What the tree is made of was fetched before,
/// and its own pack comes first.
pub(super) fn lend_history(lender: &Lender, tags: &[u8], own: &Path) -> Result<(), GitError> {
    write_file(&own.join("packed-refs"), tags)?;
    lender.alternates(own)?;
    lender.shallow(own)
}

/// Nothing of the user's or the machine's configuration changes what git makes of files.
fn layout(dir: &Path, format: &str, rest: &str) -> Result<(), GitError> {
    for sub in ["objects/info", "objects/pack", "refs/heads", "refs/tags", "info"] {
        let path = dir.join(sub);
        fs::create_dir_all(&path).map_err(|error| io(&path, &error))?;
    }
    let (version, extension) = match format {
        "sha1" => (0, String::new()),
        other => (1, format!("[extensions]\n\tobjectFormat = {other}\n")),
    };
    let config = format!(
        "[core]\n\trepositoryFormatVersion = {version}\n\tfileMode = true\n\tsymlinks = true\n\tautoCRLF = false\n\tattributesFile = /dev/null\n\texcludesFile = /dev/null\n\tcommitGraph = false\n\tmultiPackIndex = false\n{rest}[advice]\n\tgraftFileDeprecated = false\n{extension}"
    );
    write_file(&dir.join("config"), config.as_bytes())?;
    write_file(&dir.join("HEAD"), b"ref: refs/heads/none\n")
}

/// The URL of a directory: git decodes what follows a `%`.
pub(super) fn url_of(dir: &Path) -> Result<String, GitError> {
    let text = dir.to_str().ok_or_else(|| {
        GitError::Other(format!(
            "the path {} is not UTF-8",
            run::lossy(dir.as_os_str().as_encoded_bytes())
        ))
    })?;
    Ok(format!("file://{}", text.replace('%', "%25")))
}

pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), GitError> {
    fs::write(path, bytes).map_err(|error| io(path, &error))
}
