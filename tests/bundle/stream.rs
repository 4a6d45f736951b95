//! The format by itself: every cut and every bit of a small bundle, and each limit.

use crate::common::archive::{Piece, gzip, tar};
use d3p::testing::bundle::{
    Broken, LIMITS, Limits, Manifest, Member, PackError, ProblemKind, Unpacked, pack, unpack,
};
use d3p::testing::model::Sha256Digest;
use std::io::{self, Cursor, Read};

const FILES: [(&str, &str); 3] = [("a/b.json", "{}"), ("d3p.yaml", ""), ("größe", "x")];

fn manifest(files: &[(&str, &str)]) -> Manifest {
    Manifest {
        packed_by: "0.1.0".to_owned(),
        release: "v1+1".to_owned(),
        commit: "0".repeat(40),
        heads: vec![Sha256Digest::of(b"line")],
        files: files
            .iter()
            .map(|(path, text)| Member {
                path: (*path).to_owned(),
                bytes: text.len() as u64,
                sha256: Sha256Digest::of(text.as_bytes()),
            })
            .collect(),
    }
}

fn packed(files: &[(&'static str, &'static str)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut piece = |path: &str| {
        let (_, text) = files.iter().find(|(own, _)| *own == path).unwrap();
        Ok(Box::new(Cursor::new(text.as_bytes())) as Box<dyn Read>)
    };
    let done = pack(&manifest(files), &mut piece, &mut out).unwrap();
    assert_eq!(done.sha256, Sha256Digest::of(&out));
    assert_eq!(done.bytes, out.len() as u64);
    out
}

fn read(bundle: &[u8], limits: &Limits) -> Result<Unpacked, Broken> {
    unpack(&mut &*bundle, limits)
}

fn why(bundle: &[u8], limits: &Limits) -> String {
    match read(bundle, limits) {
        Err(Broken::Hostile(problem)) => {
            assert_eq!(problem.kind, ProblemKind::Malformed);
            format!("{}: {}", problem.member.unwrap_or_default(), problem.message)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_packed_is_read() {
    let bundle = packed(&FILES);
    let unpacked = read(&bundle, &LIMITS).unwrap();
    assert_eq!(unpacked.manifest, manifest(&FILES));
    assert!(unpacked.problems.is_empty(), "{:?}", unpacked.problems);
    assert_eq!(unpacked.digest, Sha256Digest::of(&bundle));
    for (path, text) in FILES {
        assert_eq!(unpacked.members[path].content.as_deref(), Some(text.as_bytes()), "{path}");
    }
}

#[test]
fn every_cut_is_refused() {
    let bundle = packed(&FILES);
    for end in 0..bundle.len() {
        let why = why(&bundle[..end], &LIMITS);
        let short = end < 10;
        assert!(
            if short { why.contains("not a gzip") } else { why.contains("cut off") },
            "{end}: {why}"
        );
    }
}

/// Every bit of the stream, and one of every byte of the archive in a stream that fits.
#[test]
fn every_flipped_bit_is_told_or_changes_nothing() {
    let bundle = packed(&FILES);
    let plain = crate::common::archive::gunzip(&bundle);
    let mut quiet = 0;
    for (whole, is_stream) in [(&bundle, true), (&plain, false)] {
        for at in 0..whole.len() {
            for bit in if is_stream { 0..8 } else { at % 8..at % 8 + 1 } {
                let mut flipped = whole.clone();
                flipped[at] ^= 1 << bit;
                let bundle = if is_stream { flipped } else { gzip(&flipped) };
                let Ok(unpacked) = read(&bundle, &LIMITS) else { continue };
                if !unpacked.problems.is_empty() {
                    continue;
                }
                quiet += 1;
                let files = &unpacked.manifest.files;
                assert_eq!(*files, manifest(&FILES).files, "byte {at}, bit {bit}");
                for (path, text) in FILES {
                    let content = unpacked.members[path].content.as_deref();
                    assert_eq!(content, Some(text.as_bytes()), "byte {at}, bit {bit}");
                }
            }
        }
    }
    // Of version, release, commit and head in the manifest, which the release is held against.
    assert!((1..300).contains(&quiet), "{quiet}");
}

#[test]
fn each_limit_ends_the_reading_at_once() {
    let bundle = packed(&FILES);
    let tight = Limits { members: 4, member: 2, total: 3, manifest: 4096 };
    read(&bundle, &tight).unwrap();
    for (limits, word) in [
        (Limits { members: 3, ..tight }, "lists 4 members; at most 3"),
        (Limits { member: 1, ..tight }, "with 2 bytes; at most 1"),
        (Limits { total: 2, ..tight }, "lists 3 bytes; at most 2"),
        (Limits { manifest: 10, ..tight }, "at most 10 are read"),
    ] {
        let why = why(&bundle, &limits);
        assert!(why.contains(word), "{why}");
    }
    // What the manifest does not list is held to them as well.
    let text = manifest(&FILES).to_text();
    let listed = [("d3p-bundle/manifest.json", text.as_str())].into_iter().chain(FILES);
    let honest: Vec<Piece> = listed.map(|(path, text)| Piece::file(path, text)).collect();
    let with = |more: &[Piece]| gzip(&tar(&[&honest[..], more].concat()));
    assert!(read(&with(&[]), &tight).unwrap().problems.is_empty());
    let more: Vec<Piece> = (0..9).map(|n| Piece::file(&format!("z{n}"), "")).collect();
    assert!(why(&with(&more), &tight).starts_with("z0: is member number 5"));
    let large = Limits { members: 99, ..tight };
    assert!(why(&with(&[Piece::file("z", "123")]), &large).starts_with("z: has 3 bytes"));
    let more: Vec<Piece> = (0..90).map(|n| Piece::file(&format!("z{n}"), "12")).collect();
    let small = Limits { manifest: text.len() as u64, ..large };
    assert!(why(&with(&more), &small).contains("ends beyond 3 bytes"));
}

/// A source that counts what is asked of it.
struct Counting<R> {
    inner: R,
    read: usize,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read += count;
        Ok(count)
    }
}

/// Four hundred megabytes in four hundred kilobytes: refused by its header, not by its bytes.
#[test]
fn a_bomb_is_not_read() {
    let text = manifest(&[]).to_text();
    let size = 400 << 20;
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(1));
    let head = [
        Piece::file("d3p-bundle/manifest.json", text),
        Piece { claimed: Some(size), ..Piece::file("zeros", "") },
    ];
    io::Write::write_all(&mut bomb, &tar(&head)).unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..(size >> 20) {
        io::Write::write_all(&mut bomb, &zeros).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    let mut source = Counting { inner: &bomb[..], read: 0 };
    let refused = unpack(&mut source, &LIMITS);
    let Err(Broken::Hostile(problem)) = refused else { panic!("{refused:?}") };
    assert_eq!(problem.member.as_deref(), Some("zeros"));
    assert!(source.read < 64 * 1024, "{} of {} bytes were read", source.read, bomb.len());
}

#[test]
fn a_source_that_fails_is_not_a_broken_bundle() {
    struct Failing(usize);
    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let bundle = packed(&FILES);
            match bundle.get(self.0) {
                Some(byte) if self.0 < 100 => {
                    buffer[0] = *byte;
                    self.0 += 1;
                    Ok(1)
                }
                _ => Err(io::Error::other("the disk is gone")),
            }
        }
    }
    match unpack(&mut Failing(0), &LIMITS) {
        Err(Broken::Io(error)) => assert_eq!(error.to_string(), "the disk is gone"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_member_that_changes_while_it_is_packed_is_told() {
    for (text, word) in [("{ }", "changed"), ("[]", "changed"), ("", "changed")] {
        let mut piece = |_: &str| Ok(Box::new(Cursor::new(text.as_bytes())) as Box<dyn Read>);
        let stopped = pack(&manifest(&FILES[..1]), &mut piece, &mut Vec::new()).unwrap_err();
        assert!(matches!(&stopped, PackError::Changed(path) if path == "a/b.json"));
        assert!(stopped.to_string().contains(word));
    }
}
