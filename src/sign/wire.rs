//! The wire format of SSH (RFC 4251 §5): numbers and strings with their length.

/// Reads values off the front of bytes.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// So many bytes.
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    /// One byte.
    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// A big-endian number of 32 bits.
    pub(super) fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A big-endian number of 64 bits.
    pub(super) fn long(&mut self) -> Option<u64> {
        Some(u64::from_be_bytes(self.take(8)?.try_into().ok()?))
    }

    /// A string: its length, and so many bytes.
    pub(super) fn string(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        self.take(length)
    }

    /// A string that is text.
    pub(super) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.string()?).ok()
    }

    /// A number above zero of any length, without its sign; `None` also for one that is not in its
    /// one shortest form.
    pub(super) fn positive(&mut self) -> Option<&'a [u8]> {
        positive(self.string()?)
    }

    /// Whether everything was read.
    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }
}

/// The bytes of a number above zero, without the zero that keeps it from being negative; `None`
/// unless it is in its one shortest form.
pub(super) fn positive(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [0, rest @ ..] if rest.first().is_some_and(|first| *first >= 0x80) => Some(rest),
        [first, ..] if (1..0x80).contains(first) => Some(bytes),
        _ => None,
    }
}

/// Adds a string with its length.
pub(super) fn push_string(out: &mut Vec<u8>, bytes: &[u8]) {
    // Nothing that is signed comes near four gigabytes.
    out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(bytes);
}

/// A name from a file that anybody may have written: short, and without what moves a cursor.
pub(super) fn shown(name: &str) -> String {
    let is_safe = |c: char| c.is_ascii_graphic() || c.is_alphanumeric() || c == ' ';
    let safe = |c: char| if is_safe(c) { c } else { '?' };
    let mut shown: String = name.chars().take(60).map(safe).collect();
    if name.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}
