//! Headers of a tar archive (POSIX ustar, with a pax header where a path needs one).
//!
//! A header is a function of path and size, so one that says more (an owner, a time, a mode) is
//! known by comparing it with the one that we would write.

/// Size of the blocks that an archive is made of.
pub(super) const BLOCK: usize = 512;

/// Longest path that stands in the header itself.
const NAME: usize = 100;

/// Where fields lie in a header.
const SIZE: std::ops::Range<usize> = 124..136;
const CHECKSUM: std::ops::Range<usize> = 148..156;
const KIND: usize = 156;

/// What the name of a pax header is; nothing reads it.
const PAX_NAME: &str = "././@PaxHeader";

/// Most bytes of a pax header that are read.
const PAX_LIMIT: u64 = 4096;

/// The blocks before a file's content.
pub(super) fn header(path: &str, bytes: u64) -> Vec<u8> {
    if path.len() <= NAME && path.is_ascii() {
        return block(path.as_bytes(), bytes, b'0').to_vec();
    }
    let record = pax_record(path);
    let mut out = block(PAX_NAME.as_bytes(), record.len() as u64, b'x').to_vec();
    out.extend_from_slice(&record);
    out.resize(out.len() + padding(record.len() as u64), 0);
    // For programs that know no pax headers: as much as fits, in plain letters.
    let plain: Vec<u8> =
        path.bytes().map(|byte| if byte.is_ascii() { byte } else { b'_' }).take(NAME).collect();
    out.extend_from_slice(&block(&plain, bytes, b'0'));
    out
}

/// How many zeros follow a content.
pub(super) fn padding(bytes: u64) -> usize {
    let over = usize::try_from(bytes % BLOCK as u64).unwrap_or(0);
    if over == 0 { 0 } else { BLOCK - over }
}

fn block(name: &[u8], bytes: u64, kind: u8) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, field: &[u8]| block[at..at + field.len()].copy_from_slice(field);
    put(0, name);
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(SIZE.start, format!("{bytes:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    put(CHECKSUM.start, b"        ");
    put(KIND, &[kind]);
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[CHECKSUM].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// `LENGTH path=PATH\n`, where the length counts its own digits.
fn pax_record(path: &str) -> Vec<u8> {
    let rest = format!(" path={path}\n");
    let mut length = rest.len() + 1;
    while length.to_string().len() + rest.len() != length {
        length = length.to_string().len() + rest.len();
    }
    format!("{length}{rest}").into_bytes()
}

/// What one header block says.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Head {
    /// Zeros: the end.
    Zeros,
    /// A regular file, and what it is called unless a pax header said so.
    File { name: Vec<u8>, bytes: u64 },
    /// A pax header of so many bytes.
    Pax { bytes: u64 },
    /// Something that no bundle holds, in words after "is".
    Other { name: Vec<u8>, what: String },
    /// No header at all; a sentence about it.
    Damaged(&'static str),
}

/// Reads one header block.
pub(super) fn read(block: &[u8; BLOCK]) -> Head {
    if block.iter().all(|byte| *byte == 0) {
        return Head::Zeros;
    }
    let sum: u64 = block
        .iter()
        .enumerate()
        .map(|(at, byte)| u64::from(if CHECKSUM.contains(&at) { b' ' } else { *byte }))
        .sum();
    if octal(&block[CHECKSUM]) != Some(sum) {
        return Head::Damaged("a header in it is damaged, or it is no tar archive");
    }
    let name = name(block);
    let what = match block[KIND] {
        b'0' | 0 => None,
        b'x' => {
            return match octal(&block[SIZE]).filter(|bytes| *bytes <= PAX_LIMIT) {
                Some(bytes) => Head::Pax { bytes },
                None => Head::Damaged("an extended header in it is too large"),
            };
        }
        b'1' => Some("a hard link".to_owned()),
        b'2' => Some("a symbolic link".to_owned()),
        b'3' | b'4' => Some("a device".to_owned()),
        b'5' => Some("a directory".to_owned()),
        b'6' => Some("a FIFO".to_owned()),
        kind => Some(format!("of the kind `{}`", char::from(kind).escape_default())),
    };
    match what {
        Some(what) => Head::Other { name, what },
        None => match octal(&block[SIZE]) {
            Some(bytes) => Head::File { name, bytes },
            None => Head::Other { name, what: "of a size that cannot be read".to_owned() },
        },
    }
}

/// Prefix and name.
fn name(block: &[u8; BLOCK]) -> Vec<u8> {
    let text =
        |field: &[u8]| -> Vec<u8> { field.iter().copied().take_while(|byte| *byte != 0).collect() };
    let name = text(&block[..NAME]);
    // GNU's format has other fields where POSIX has the prefix.
    let prefix = if &block[257..263] == b"ustar\0" { text(&block[345..500]) } else { Vec::new() };
    if prefix.is_empty() { name } else { [&prefix[..], b"/", &name].concat() }
}

/// Octal digits up to a NUL or a blank; nothing else, and no base 256.
fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?;
    let digits = text.trim_matches(['\0', ' ']);
    let all = !digits.is_empty() && digits.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    if all { u64::from_str_radix(digits, 8).ok() } else { None }
}

/// The path that a pax header gives; `None` when it says anything else.
pub(super) fn pax_path(record: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(record).ok()?;
    let (_, rest) = text.split_once(" path=")?;
    let path = rest.strip_suffix('\n')?;
    (pax_record(path) == record).then(|| path.to_owned())
}
