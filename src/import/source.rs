//! Where a report is read from: piece by piece, so that its size costs no memory, and as often as
//! it takes.

use super::ImportError;
use crate::model::Position;
use std::io::{self, BufRead, Read};

/// How much is read at once.
const PIECE: usize = 64 * 1024;

/// A UTF-8 byte order mark, which tools of the .NET world write.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The bytes of a report. Each opening begins at its first byte, and gives the same ones.
pub trait Source {
    /// Begins to read.
    ///
    /// # Errors
    /// What the operating system says.
    fn open(&self) -> io::Result<Box<dyn Read + '_>>;
}

impl Source for &str {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.as_bytes()))
    }
}

impl Source for &[u8] {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(*self))
    }
}

/// The text of a report from its first character on, a byte order mark skipped.
pub(super) fn text_of(source: &dyn Source) -> Result<Checked<'_>, ImportError> {
    let inner = source.open().map_err(|error| unreadable(&error))?;
    Ok(Checked {
        inner,
        buffer: vec![0; PIECE],
        start: 0,
        valid: 0,
        held: 0,
        offset: 0,
        lines: 0,
        begun: false,
        ended: false,
    })
}

/// What `error` means, which may be one of ours that a reader between us handed on.
pub(super) fn unreadable(error: &io::Error) -> ImportError {
    let own = error.get_ref().and_then(|inner| inner.downcast_ref::<ImportError>());
    own.cloned().unwrap_or_else(|| ImportError::new(format!("the report cannot be read: {error}")))
}

/// Line and column of the byte at `offset` behind a byte order mark, both from 1.
pub(super) fn position(source: &dyn Source, offset: u64) -> Option<Position> {
    let mut text = text_of(source).ok()?;
    let (mut line, mut column, mut left) = (1, 1, offset);
    while left > 0 {
        let piece = text.fill_buf().ok()?;
        if piece.is_empty() {
            break;
        }
        let taken = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        for byte in &piece[..taken] {
            match byte {
                b'\n' => (line, column) = (line + 1, 1),
                // Only the first byte of a character makes a column.
                0x80..=0xbf => {}
                _ => column += 1,
            }
        }
        text.consume(taken);
        left -= taken as u64;
    }
    Some(Position { line, column })
}

/// A reader that hands on UTF-8 without NUL, and refuses everything else where it comes.
pub(super) struct Checked<'a> {
    inner: Box<dyn Read + 'a>,
    buffer: Vec<u8>,
    /// What was not taken yet begins here.
    start: usize,
    /// What was looked at ends here; behind it may be the beginning of a character.
    valid: usize,
    /// What was read ends here.
    held: usize,
    /// Bytes and ends of lines before the buffer.
    offset: usize,
    lines: usize,
    begun: bool,
    ended: bool,
}

impl Read for Checked<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let taken = ready.len().min(into.len());
        into[..taken].copy_from_slice(&ready[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}

impl BufRead for Checked<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.valid && !self.ended {
            self.more()?;
        }
        Ok(&self.buffer[self.start..self.valid])
    }

    fn consume(&mut self, amount: usize) {
        self.start = (self.start + amount).min(self.valid);
    }
}

impl Checked<'_> {
    /// Reads on until there is a whole character, or an end.
    fn more(&mut self) -> io::Result<()> {
        self.lines += self.buffer[..self.valid].iter().filter(|byte| **byte == b'\n').count();
        self.offset += self.valid;
        self.buffer.copy_within(self.valid..self.held, 0);
        self.held -= self.valid;
        (self.start, self.valid) = (0, 0);
        while self.valid == 0 && !self.ended {
            match self.inner.read(&mut self.buffer[self.held..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Ok(0) => self.ended = true,
                read => self.held += read?,
            }
            // A mark is three bytes long.
            if !self.begun && (self.ended || self.held >= 2 * MARK.len()) {
                self.begun = true;
                self.skip_mark()?;
            }
            if self.begun {
                self.look()?;
            }
        }
        Ok(())
    }

    fn skip_mark(&mut self) -> io::Result<()> {
        if self.buffer[..self.held].starts_with(MARK) {
            self.buffer.copy_within(MARK.len()..self.held, 0);
            self.held -= MARK.len();
        }
        let second = match &self.buffer[..self.held] {
            buffer if buffer.starts_with(MARK) => "the file starts with a byte order mark, twice",
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
                "the file starts with the byte order mark of UTF-16"
            }
            _ => return Ok(()),
        };
        Err(refused(second.to_owned()))
    }

    fn look(&mut self) -> io::Result<()> {
        let held = &self.buffer[..self.held];
        let nul = held.iter().position(|byte| *byte == 0);
        let (end, whole) = match std::str::from_utf8(held) {
            Ok(_) => (held.len(), true),
            // Without a length, the character is not complete yet.
            Err(error) => (error.valid_up_to(), error.error_len().is_none() && !self.ended),
        };
        match nul.filter(|at| *at <= end) {
            Some(at) => Err(self.refused_at(at, "NUL")),
            None if whole => {
                self.valid = end;
                Ok(())
            }
            None => Err(self.refused_at(end, "not UTF-8")),
        }
    }

    fn refused_at(&self, at: usize, what: &str) -> io::Error {
        let ends = self.buffer[..at].iter().filter(|byte| **byte == b'\n').count();
        let (byte, line) = (self.offset + at, 1 + self.lines + ends);
        refused(format!("byte {byte}, in line {line}, is {what}"))
    }
}

fn refused(message: String) -> io::Error {
    let error = ImportError::new(message);
    let help = "let the tool write its report as UTF-8, or convert it with iconv";
    io::Error::new(io::ErrorKind::InvalidData, error.help(help))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Gives one byte at a time.
    struct Dripping<'a>(&'a [u8]);

    impl Source for Dripping<'_> {
        fn open(&self) -> io::Result<Box<dyn Read + '_>> {
            struct Drip<'a>(&'a [u8]);
            impl Read for Drip<'_> {
                fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                    self.0.read(&mut into[..1])
                }
            }
            Ok(Box::new(Drip(self.0)))
        }
    }

    fn read(bytes: &[u8]) -> Result<String, String> {
        let all = |source: &dyn Source| {
            let mut text = String::new();
            let read = text_of(source).unwrap().read_to_string(&mut text);
            read.map(|_| text).map_err(|error| unreadable(&error).message)
        };
        let whole = all(&bytes);
        assert_eq!(whole, all(&Dripping(bytes)), "the pieces matter");
        whole
    }

    #[test]
    fn a_mark_is_skipped_and_what_is_no_text_is_named() {
        assert_eq!(read(b"\xef\xbb\xbf<a/>").unwrap(), "<a/>");
        assert_eq!(read("é🚀".as_bytes()).unwrap(), "é🚀");
        assert_eq!(read(b"").unwrap(), "");
        assert_eq!(read(b"\xef\xbb\xbf").unwrap(), "");
        let long = "aé🚀\n".repeat(PIECE / 4);
        assert_eq!(read(long.as_bytes()).unwrap(), long);
        assert!(read(b"\xff\xfe<\0").unwrap_err().contains("UTF-16"));
        assert!(read(b"\xef\xbb\xbf\xef\xbb\xbf").unwrap_err().contains("twice"));
        assert_eq!(read(b"a\nb\0").unwrap_err(), "byte 3, in line 2, is NUL");
        assert_eq!(read(b"caf\xe9").unwrap_err(), "byte 3, in line 1, is not UTF-8");
        let later = [long.as_bytes(), b"\xe9 "].concat();
        let wanted = format!("byte {}, in line {}, is not UTF-8", long.len(), PIECE / 4 + 1);
        assert_eq!(read(&later).unwrap_err(), wanted);
    }

    #[test]
    fn a_place_is_counted_in_characters() {
        let at = |offset| position(&"\u{feff}aé\nb", offset).unwrap();
        assert_eq!(at(0), Position { line: 1, column: 1 });
        assert_eq!(at(3), Position { line: 1, column: 3 });
        assert_eq!(at(4), Position { line: 2, column: 1 });
        assert_eq!(at(99), Position { line: 2, column: 2 });
    }
}
