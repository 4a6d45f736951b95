//! One gzip stream (RFC 1952) with one fixed header, and nothing after it.

use flate2::bufread::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::{self, BufRead as _, BufReader, Read, Write};

/// Deflate, no flags, no time, no hint of speed, an unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// Compresses into `out`.
pub(super) struct GzipWriter<W: Write> {
    encoder: DeflateEncoder<W>,
    crc: Crc,
}

impl<W: Write> GzipWriter<W> {
    pub(super) fn new(mut out: W) -> io::Result<Self> {
        out.write_all(&HEADER)?;
        Ok(Self { encoder: DeflateEncoder::new(out, Compression::new(6)), crc: Crc::new() })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.crc.update(bytes);
        self.encoder.write_all(bytes)
    }

    pub(super) fn finish(self) -> io::Result<W> {
        let mut out = self.encoder.finish()?;
        out.write_all(&self.crc.sum().to_le_bytes())?;
        out.write_all(&self.crc.amount().to_le_bytes())?;
        out.flush()?;
        Ok(out)
    }
}

/// Why a stream could not be read on.
#[derive(Debug)]
pub(super) enum GzipFault {
    /// The operating system failed.
    Io(io::Error),
    /// The stream is wrong; one sentence about it.
    Stream(&'static str),
}

/// A source that remembers its own failures: the decoder's errors look like them.
struct Source<R> {
    inner: R,
    failed: Option<io::Error>,
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.inner.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let kind = error.kind();
                    self.failed = Some(error);
                    return Err(kind.into());
                }
                read => return read,
            }
        }
    }
}

/// Decompresses a stream, and holds it to its checksum.
pub(super) struct GzipReader<R: Read> {
    decoder: DeflateDecoder<BufReader<Source<R>>>,
    crc: Crc,
    /// Whether the header says what ours does not: a time, a system, a level.
    pub(super) foreign: bool,
}

impl<R: Read> GzipReader<R> {
    pub(super) fn new(inner: R) -> Result<Self, GzipFault> {
        let mut source = BufReader::new(Source { inner, failed: None });
        let mut header = [0; HEADER.len()];
        read_exactly(&mut source, &mut header, "it is not a gzip file")?;
        if header[..3] != HEADER[..3] {
            return Err(GzipFault::Stream("it is not a gzip file"));
        }
        if header[3] != 0 {
            return Err(GzipFault::Stream("its gzip header holds more than d3p writes"));
        }
        let foreign = header != HEADER;
        Ok(Self { decoder: DeflateDecoder::new(source), crc: Crc::new(), foreign })
    }

    /// Fills `buffer` as far as there are bytes; fewer only at the end.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, GzipFault> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.decoder.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => {
                    self.crc.update(&buffer[filled..filled + count]);
                    filled += count;
                }
                Err(error) => {
                    let source = self.decoder.get_mut().get_mut();
                    return Err(match source.failed.take() {
                        Some(error) => GzipFault::Io(error),
                        None if error.kind() == io::ErrorKind::UnexpectedEof => {
                            GzipFault::Stream("it is cut off: the compressed data has no end")
                        }
                        None => GzipFault::Stream("its compressed data is damaged"),
                    });
                }
            }
        }
        Ok(filled)
    }

    /// Checks what follows the data: its checksum and length, and then nothing.
    pub(super) fn end(mut self) -> Result<(), GzipFault> {
        let source = self.decoder.get_mut();
        let mut trailer = [0; 8];
        read_exactly(source, &mut trailer, "it is cut off: the gzip stream has no end")?;
        let wanted = [self.crc.sum().to_le_bytes(), self.crc.amount().to_le_bytes()].concat();
        if trailer[..] != wanted[..] {
            return Err(GzipFault::Stream("its checksum is not that of its data"));
        }
        match source.fill_buf() {
            Ok([]) => Ok(()),
            Ok(_) => Err(GzipFault::Stream("more bytes follow the end of its gzip stream")),
            Err(error) => Err(GzipFault::Io(source.get_mut().failed.take().unwrap_or(error))),
        }
    }
}

fn read_exactly<R: Read>(
    source: &mut BufReader<Source<R>>,
    buffer: &mut [u8],
    short: &'static str,
) -> Result<(), GzipFault> {
    source.read_exact(buffer).map_err(|_| match source.get_mut().failed.take() {
        Some(error) => GzipFault::Io(error),
        None => GzipFault::Stream(short),
    })
}
