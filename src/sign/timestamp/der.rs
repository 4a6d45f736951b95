//! DER, as far as tokens and certificates need it: elements one after another, each with its bytes.

use crate::model::{Reason, Stamp};
use der::{AnyRef, Decode as _, Reader as _, SliceReader};

/// Tags as they stand in the bytes.
pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
pub(super) const FIRST: u8 = 0xa0;

/// One element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    /// Its first byte, which is its tag for all that is read here.
    pub(super) tag: u8,
    /// Tag, length and value.
    pub(super) whole: &'a [u8],
    /// The value.
    pub(super) value: &'a [u8],
}

impl<'a> Element<'a> {
    /// The elements of its value, if it has this tag.
    pub(super) fn inside(self, tag: u8) -> Result<Elements<'a>, Reason> {
        self.tagged(tag).and_then(elements)
    }

    /// Its value, if it has this tag.
    pub(super) fn tagged(self, tag: u8) -> Result<&'a [u8], Reason> {
        if self.tag == tag { Ok(self.value) } else { Err(malformed()) }
    }
}

/// Elements that are taken in their order.
#[derive(Clone, Debug)]
pub(super) struct Elements<'a>(std::vec::IntoIter<Element<'a>>);

impl<'a> Elements<'a> {
    /// The next one.
    pub(super) fn next(&mut self) -> Result<Element<'a>, Reason> {
        self.0.next().ok_or_else(malformed)
    }

    /// The next one, if it has this tag.
    pub(super) fn next_if(&mut self, tag: u8) -> Option<Element<'a>> {
        self.0.as_slice().first().filter(|own| own.tag == tag)?;
        self.0.next()
    }

    /// The only one that is left.
    pub(super) fn only(mut self) -> Result<Element<'a>, Reason> {
        let own = self.next()?;
        if self.0.len() == 0 { Ok(own) } else { Err(malformed()) }
    }

    /// All that are left.
    pub(super) fn rest(self) -> impl Iterator<Item = Element<'a>> {
        self.0
    }
}

/// The elements that `bytes` are, and nothing else.
pub(super) fn elements(bytes: &[u8]) -> Result<Elements<'_>, Reason> {
    let mut reader = SliceReader::new(bytes).map_err(|_| malformed())?;
    let mut found = Vec::new();
    let mut start = 0;
    while !reader.is_finished() {
        let value = AnyRef::decode(&mut reader).map_err(|_| malformed())?.value();
        let end = usize::try_from(reader.position()).map_err(|_| malformed())?;
        let whole = bytes.get(start..end).ok_or_else(malformed)?;
        let tag = *whole.first().ok_or_else(malformed)?;
        found.push(Element { tag, whole, value });
        start = end;
    }
    Ok(Elements(found.into_iter()))
}

/// The number that an INTEGER of few digits is.
pub(super) fn number(bytes: &[u8]) -> Result<u64, Reason> {
    match bytes {
        [first, ..] if *first < 0x80 && bytes.len() <= 5 => {
            Ok(bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
        }
        _ => Err(malformed()),
    }
}

/// A UTCTime or GeneralizedTime, in UTC and with seconds.
pub(super) fn time(element: Element<'_>) -> Result<Stamp, Reason> {
    let text = std::str::from_utf8(element.value).map_err(|_| malformed())?;
    let text = match element.tag {
        UTC_TIME if text.starts_with(|own: char| ('5'..='9').contains(&own)) => format!("19{text}"),
        UTC_TIME => format!("20{text}"),
        TIME => text.to_owned(),
        _ => return Err(malformed()),
    };
    let (Some(digits), Some(rest)) = (text.get(..14), text.get(14..)) else {
        return Err(malformed());
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !rest.ends_with('Z') {
        return Err(malformed());
    }
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    let stamp = format!(
        "{}-{}-{}T{}:{}:{}{rest}",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(8, 10),
        part(10, 12),
        part(12, 14)
    );
    Stamp::parse(&stamp).map_err(|_| malformed())
}

/// What is said of bytes that are not what they should be.
pub(super) fn malformed() -> Reason {
    "it is no time stamp of RFC 3161, or in another encoding than DER".into()
}
