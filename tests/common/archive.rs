//! Archives of the tests' own making: what `d3p bundle create` writes, taken apart and put together
//! again, and everything that it would never write. Shares no code with the program.

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;

const BLOCK: usize = 512;

/// One member, honest or not.
#[derive(Clone, Debug)]
pub struct Piece {
    pub path: Vec<u8>,
    /// The kind of member: `0` a file, `1` a hard link, `2` a symbolic link, …
    pub kind: u8,
    pub link: String,
    pub content: Vec<u8>,
    /// The size that the header claims; that of the content when absent.
    pub claimed: Option<u64>,
    pub owner: u64,
}

impl Piece {
    pub fn file(path: &str, content: impl AsRef<[u8]>) -> Self {
        Self {
            path: path.as_bytes().to_vec(),
            kind: b'0',
            link: String::new(),
            content: content.as_ref().to_vec(),
            claimed: None,
            owner: 0,
        }
    }

    pub fn of_kind(path: &str, kind: u8, link: &str) -> Self {
        Self { kind, link: link.to_owned(), ..Self::file(path, "") }
    }

    pub fn name(&self) -> String {
        String::from_utf8_lossy(&self.path).into_owned()
    }

    fn header(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if self.path.len() > 100 || !self.path.is_ascii() {
            let rest = [b" path=", &self.path[..], b"\n"].concat();
            let mut length = rest.len() + 2;
            while format!("{length}").len() + rest.len() != length {
                length = format!("{length}").len() + rest.len();
            }
            let record = [format!("{length}").as_bytes(), &rest[..]].concat();
            out.extend(block(b"././@PaxHeader", b'x', "", record.len() as u64, 0));
            out.extend(filled(&record));
        }
        let size = self.claimed.unwrap_or(self.content.len() as u64);
        let plain: Vec<u8> = self
            .path
            .iter()
            .map(|byte| if byte.is_ascii() { *byte } else { b'_' })
            .take(100)
            .collect();
        out.extend(block(&plain, self.kind, &self.link, size, self.owner));
        out
    }
}

fn block(name: &[u8], kind: u8, link: &str, size: u64, owner: u64) -> Vec<u8> {
    let mut block = vec![0_u8; BLOCK];
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    put(0, name);
    put(100, b"0000644\0");
    put(108, format!("{owner:07o}\0").as_bytes());
    put(116, b"0000000\0");
    if size < 0o100_000_000_000 {
        put(124, format!("{size:011o}\0").as_bytes());
    } else {
        put(124, &[&[0x80, 0, 0, 0][..], &size.to_be_bytes()].concat());
    }
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, &[kind]);
    put(157, link.as_bytes());
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

fn filled(content: &[u8]) -> Vec<u8> {
    let mut out = content.to_vec();
    out.resize(content.len().div_ceil(BLOCK) * BLOCK, 0);
    out
}

/// A tar archive of these members, in this order.
pub fn tar(pieces: &[Piece]) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in pieces {
        out.extend(piece.header());
        out.extend(filled(&piece.content));
    }
    out.extend([0; 2 * BLOCK]);
    out
}

/// One gzip stream.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut out).unwrap();
    out
}

/// The members of an honest bundle.
pub fn pieces(bundle: &[u8]) -> Vec<Piece> {
    let archive = gunzip(bundle);
    let mut rest = &archive[..];
    let mut out = Vec::new();
    let mut long = None;
    while rest[0] != 0 {
        let text = |range: std::ops::Range<usize>| {
            let field = rest[range].split(|byte| *byte == 0).next().unwrap_or_default();
            String::from_utf8(field.to_vec()).unwrap()
        };
        let size = usize::from_str_radix(&text(124..136), 8).unwrap();
        let content = rest[BLOCK..BLOCK + size].to_vec();
        if rest[156] == b'x' {
            let record = String::from_utf8(content).unwrap();
            long = Some(record.split_once(" path=").unwrap().1.trim_end().to_owned());
        } else {
            let path = long.take().unwrap_or_else(|| text(0..100));
            out.push(Piece::file(&path, content));
        }
        rest = &rest[BLOCK + size.div_ceil(BLOCK) * BLOCK..];
    }
    out
}

/// Puts a file at its place among the members, instead of one of that name.
pub fn put(pieces: &mut Vec<Piece>, piece: Piece) {
    pieces.retain(|other| other.path != piece.path);
    let at = pieces.iter().skip(1).position(|other| other.path > piece.path);
    let at = if piece.path == pieces.first().map_or(Vec::new(), |first| first.path.clone()) {
        0
    } else {
        at.map_or(pieces.len(), |at| at + 1)
    };
    pieces.insert(at, piece);
}

/// Writes a bundle of these members.
pub fn write(path: &Path, pieces: &[Piece]) {
    fs::write(path, gzip(&tar(pieces))).unwrap();
}
