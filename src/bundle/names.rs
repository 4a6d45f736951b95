//! What a member may be called.

use crate::source::check_path;
use std::collections::BTreeMap;

/// Longest path in bytes.
const LONGEST: usize = 1024;

/// Why no member may be called `path`, whatever it holds; one sentence after "its path".
pub(super) fn refused(path: &str) -> Option<String> {
    if path.len() > LONGEST {
        return Some(format!("has more than {LONGEST} bytes"));
    }
    if path.chars().any(char::is_control) {
        return Some("contains a control character".to_owned());
    }
    let fault = check_path(path).err()?;
    // The first half of the loader's sentence repeats the path.
    Some(match fault.message.split_once(": ") {
        Some((_, why)) => format!("leads out of the bundle: {why}"),
        None => "is not the plain spelling of a path in it".to_owned(),
    })
}

/// Names that were taken, as a system takes them that does not tell case apart.
#[derive(Debug, Default)]
pub(super) struct Taken {
    files: BTreeMap<String, String>,
}

impl Taken {
    /// Takes a name, or says why it collides with one that is taken.
    pub(super) fn take(&mut self, path: &str) -> Option<String> {
        let folded = path.to_lowercase();
        if let Some(other) = self.files.get(&folded) {
            return Some(match other == path {
                true => "occurs twice".to_owned(),
                false => format!("is `{other}` in another spelling"),
            });
        }
        let parents = folded.match_indices('/').map(|(at, _)| &folded[..at]);
        if let Some(other) = parents.filter_map(|parent| self.files.get(parent)).next() {
            return Some(format!("lies below the file `{other}`"));
        }
        let below = format!("{folded}/");
        let first = self.files.range(below.clone()..).next();
        if let Some((_, other)) = first.filter(|(name, _)| name.starts_with(&below)) {
            return Some(format!("is the directory of `{other}`"));
        }
        self.files.insert(folded, path.to_owned());
        None
    }
}

/// The first of these paths, sorted, that cannot be packed, and why.
pub fn unfit<'a>(paths: impl IntoIterator<Item = &'a str>) -> Option<(&'a str, String)> {
    let mut taken = Taken::default();
    paths.into_iter().find_map(|path| {
        let own = path.to_lowercase().starts_with(super::OWN);
        let reserved = own.then(|| format!("lies in {}, which is the bundle's own", super::OWN));
        let why = reserved.or_else(|| refused(path)).or_else(|| taken.take(path))?;
        Some((path, why))
    })
}
