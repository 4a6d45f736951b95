//! What must hold of time stamps whatever bytes they are read from: no panic, and no stamp of two
//! lines, of another time than the one that was signed, or by roots that vouch for nobody.

use d3p::testing::model::Sha256Digest;
use d3p::testing::sign::timestamp::{Roots, answered, verify};
use std::sync::LazyLock;

/// What vouches for the samples of the corpus.
static ROOTS: LazyLock<Roots> = LazyLock::new(|| {
    Roots::parse(include_str!("../timestamps/samples/root.pem")).expect("it is a sample")
});

/// What the samples are about, and when that was.
static SAMPLE: LazyLock<(Sha256Digest, String)> = LazyLock::new(|| {
    let of = Sha256Digest::of(b"a line of a ledger");
    let token = include_bytes!("../timestamps/samples/token");
    let own = verify(token, &of, &ROOTS).expect("it is a sample");
    (of, format!("{own:?}"))
});

/// A token, an answer that holds one, and a file of roots.
pub(crate) fn timestamp(bytes: &[u8]) {
    let (of, when) = &*SAMPLE;
    let read = verify(bytes, of, &ROOTS);
    assert_eq!(format!("{read:?}"), format!("{:?}", verify(bytes, of, &ROOTS)), "read twice");
    match read {
        // Nobody has the key of the sample any more: there is no other stamp by it.
        Ok(own) => assert_eq!(&format!("{own:?}"), when),
        Err(why) => assert!(!why.to_string().trim().is_empty()),
    }
    assert!(verify(bytes, &Sha256Digest::of(b"another line"), &ROOTS).is_err(), "of two lines");
    assert!(answered(bytes, of, [0; 8], &ROOTS).is_err(), "an answer to what nobody asked");
    let text = String::from_utf8_lossy(bytes);
    if let Ok(roots) = Roots::parse(&text) {
        let token = include_bytes!("../timestamps/samples/token");
        let _ = verify(token, of, &roots);
    }
}
