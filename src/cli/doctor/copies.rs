//! Where bytes can be had back: copies in the release itself, in archives, and in git; and decisions in
//! what machines published.

use super::{Copy, Sources};
use crate::collect::git::Version;
use crate::model::{Places, Sha256Digest};
use crate::project::Project;
use crate::source::{RAW_LIMIT, Root, Tree as _};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Everything that bytes can be looked for in.
pub(super) struct Copies<'a> {
    root: &'a Root,
    places: &'a Places,
    /// Where files with each digest lie in the project.
    here: BTreeMap<Sha256Digest, String>,
    archives: Vec<String>,
    /// Versions of the files that are asked for, as git has them.
    versions: Vec<Version>,
    /// What people decided, as machines published it.
    published: Vec<Value>,
}

impl<'a> Copies<'a> {
    /// Looks for whatever belongs at `paths` or has one of these `digests`.
    pub(super) fn of(
        root: &'a Root,
        project: &'a Project,
        sources: Sources<'_>,
        paths: &[String],
        digests: &[Sha256Digest],
    ) -> Self {
        let places = project.places();
        let files = project.files.iter().chain(&project.raw);
        let files = files.filter_map(|(path, file)| Some((file.digest?, path.clone())));
        let objects = project.objects.iter();
        let objects =
            objects.map(|(name, digest)| (*digest, format!("{}/{name}", places.objects())));
        let here: BTreeMap<Sha256Digest, String> = files.chain(objects).collect();
        let mut asked: Vec<String> = paths.to_vec();
        asked.extend(digests.iter().map(|digest| places.object(*digest)));
        let names: Vec<&str> = asked.iter().map(String::as_str).collect();
        let versions = sources.git.and_then(|git| git.versions(&names).ok()).unwrap_or_default();
        let archives = root.directories(places.archives());
        let archives = archives.into_iter().map(|name| format!("{}/{name}", places.archives()));
        let archives = archives.collect();
        let published = (sources.published)(project).into_iter().flat_map(|own| own.decisions);
        let published = published.map(|own| json!(own)).collect();
        Self { root, places, here, archives, versions, published }
    }

    /// The bytes with this digest, which belong at `path`.
    pub(super) fn find(&self, path: &str, digest: Sha256Digest) -> Option<Copy> {
        let read = |at: &str| {
            let bytes = self.root.bytes(at, RAW_LIMIT).ok()?;
            (Sha256Digest::of(&bytes) == digest).then(|| Copy { bytes, from: at.to_owned() })
        };
        let here = self.here.get(&digest).filter(|at| *at != path);
        here.and_then(|at| read(at))
            .or_else(|| self.archived(path, digest).find_map(|at| read(&at)))
            .or_else(|| {
                let mut versions = self.versions.iter();
                let version =
                    versions.find(|version| Sha256Digest::of(&version.bytes) == digest)?;
                let from = format!("git, where it was {}", version.path);
                Some(Copy { bytes: version.bytes.clone(), from })
            })
    }

    /// What people decided, as machines published it: statement and signature of each.
    pub(super) fn published(&self) -> &[Value] {
        &self.published
    }

    fn archived(&self, path: &str, digest: Sha256Digest) -> impl Iterator<Item = String> {
        let object = self.places.object(digest);
        let path = path.to_owned();
        self.archives
            .iter()
            .flat_map(move |dir| [format!("{dir}/{object}"), format!("{dir}/{path}")])
    }

    /// Every text that was ever at `path`, as far as it is known, the newest first; and the copies
    /// with these digests.
    pub(super) fn texts(&self, path: &str, objects: &[Sha256Digest]) -> Vec<(String, String)> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let kept = objects.iter().filter_map(|digest| self.find(path, *digest));
        let kept = kept.map(|copy| (text(&copy.bytes), copy.from));
        let versions = self.versions.iter().filter(|version| version.path == path);
        let versions = versions.map(|version| (text(&version.bytes), "git".to_owned()));
        let archived = self.archives.iter().filter_map(|dir| {
            let at = format!("{dir}/{path}");
            Some((text(&self.root.bytes(&at, RAW_LIMIT).ok()?), at))
        });
        kept.chain(versions).chain(archived).collect()
    }
}
