//! Archives that somebody made who wants to pass, or to do harm. Each is refused, and the rule and the
//! member are the right ones.

use super::case::{Case, MANIFEST, listed};
use super::*;
use crate::common::archive::{Piece, gunzip, gzip, pieces, put, tar, write};

#[test]
fn the_maker_of_these_bundles_makes_an_honest_one_too() {
    let case = Case::new();
    assert_eq!(tar(&case.pieces()), gunzip(&case.honest));
    let said = case.verify(&gzip(&tar(&case.pieces())));
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(told(&said).is_empty(), "{}", said.all());
}

#[test]
fn only_regular_files_count() {
    let case = Case::new();
    for (kind, what) in [
        (b'1', "hard link"),
        (b'2', "symbolic link"),
        (b'3', "character device"),
        (b'4', "block device"),
        (b'5', "directory"),
        (b'6', "FIFO"),
        (b'7', "contiguous file"),
        (b'L', "long name of GNU"),
        (b'K', "long link of GNU"),
        (b'S', "sparse file of GNU"),
        (b'g', "global header"),
        (b'V', "volume label"),
    ] {
        for link in ["/etc/passwd", "../../../../etc/passwd", "d3p.yaml", ""] {
            // Instead of a member, and beside all others.
            for path in ["d3p.yaml", "zzz"] {
                let mut all = case.pieces();
                put(&mut all, Piece::of_kind(path, kind, link));
                case.pieces_refused(what, &all, "GL920", path);
            }
        }
    }
    // An extended header that says more than a path, such as another size or a link.
    for record in ["16 size=1000000\n", "12 path=abc\n17 linkpath=/etc\n", "9 path=a", "x", ""] {
        let mut all = case.pieces();
        let mut pax = Piece::of_kind("./PaxHeader", b'x', "");
        pax.content = record.as_bytes().to_vec();
        all.push(pax);
        all.push(Piece::file("zzz", "x"));
        case.pieces_refused(record, &all, "GL920", "b");
    }
}

#[test]
fn paths_that_lead_elsewhere_are_refused() {
    let case = Case::new();
    let long = "a/".repeat(600) + "b";
    for path in [
        "../x",
        "/x",
        "/etc/cron.d/x",
        "a/../../x",
        "..",
        "a/..",
        ".",
        "./d3p.yaml",
        "a//b",
        "a/",
        "a\\b",
        "..\\x",
        "C:x",
        "C:\\x",
        "x:stream",
        "d3p.yaml.",
        "d3p.yaml ",
        "a\u{1b}[31m",
        "a\nb",
        "",
        &long,
    ] {
        let mut all = case.pieces();
        all.push(Piece::file(path, "x"));
        case.pieces_refused(path, &all, "GL920", path);
    }
    let mut all = case.pieces();
    let mut piece = Piece::file("", "x");
    piece.path = vec![b'a', 0xff, b'b'];
    all.push(piece);
    let said = case.verify(&gzip(&tar(&all)));
    assert!(said.exit == Exit::Refused && told(&said)[0].0 == "GL920", "{}", said.all());
}

#[test]
fn two_members_of_one_name_are_refused() {
    let case = Case::new();
    for path in ["d3p.yaml", "D3P.YAML", ".D3P/allowed_signers", "d3p.yaml/x", ".artifacts"] {
        let mut all = case.pieces();
        all.push(Piece::file(path, "x"));
        case.pieces_refused(path, &all, "GL920", path);
    }
    // Also when both are the same, and when neither is listed.
    let mut all = case.pieces();
    let last = all.last().unwrap().clone();
    all.push(last.clone());
    case.pieces_refused("the same", &all, "GL920", &last.name());
    let mut all = case.pieces();
    all.extend([Piece::file("zz/Ä", "1"), Piece::file("zz/ä", "2")]);
    case.pieces_refused("unlisted", &all, "GL920", "zz/ä");
}

#[test]
fn sizes_that_lie_are_refused() {
    let case = Case::new();
    for claimed in [1 << 62, 1 << 40, 300 << 20, 200 << 20, 4096] {
        let mut all = case.pieces();
        all.push(Piece { claimed: Some(claimed), ..Piece::file("zzz", "x") });
        let said = case.verify(&gzip(&tar(&all)));
        assert_eq!(said.exit, Exit::Refused, "{claimed}: {}", said.all());
        assert_eq!(told(&said), [("GL920".to_owned(), "zzz".to_owned())], "{claimed}");
    }
    // A smaller size: what is left over is no header.
    let mut all = case.pieces();
    let last = all.len() - 1;
    let content = vec![b'x'; 2000];
    all[last] = Piece { claimed: Some(1), content, ..all[last].clone() };
    let said = case.verify(&gzip(&tar(&all)));
    assert!(said.exit == Exit::Refused && told(&said)[0].0 == "GL920", "{}", said.all());
}

#[test]
fn what_follows_or_lacks_an_end_is_refused() {
    let case = Case::new();
    let plain = gunzip(&case.honest);
    let honest = || case.honest.clone();
    let with = |more: &[u8]| [&case.honest[..], more].concat();
    let inner = |more: &[u8]| gzip(&[&plain[..], more].concat());
    let mut flagged = honest();
    flagged[3] = 8;
    flagged.splice(10..10, *b"name\0");
    let mut crc = honest();
    let at = crc.len() - 8;
    crc[at] ^= 1;
    let mut length = honest();
    let at = length.len() - 1;
    length[at] ^= 1;
    let mut padded = plain.clone();
    let manifest = case.pieces()[0].content.len();
    assert_ne!(manifest % 512, 0);
    padded[512 + manifest] = 1;
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("garbage", with(b"garbage")),
        ("a zero", with(&[0])),
        ("a second stream", with(&gzip(b""))),
        ("the bundle twice", with(&case.honest)),
        ("something after the archive", inner(b"x")),
        ("a second archive", inner(&plain)),
        ("megabytes of zeros", inner(&vec![0; 1 << 20])),
        ("one block of zeros", gzip(&plain[..plain.len() - 512])),
        ("no zeros", gzip(&plain[..plain.len() - 1024])),
        ("something between the zeros", {
            let mut other = plain.clone();
            let at = other.len() - 1;
            other[at] = 1;
            gzip(&other)
        }),
        ("a name in the gzip header", flagged),
        ("another checksum", crc),
        ("another length", length),
        ("no gzip", plain.clone()),
        ("empty", Vec::new()),
        ("gzip of nothing", gzip(b"")),
        ("gzip of text", gzip(b"d3p\n")),
    ];
    for (what, bundle) in cases {
        case.refused(what, &bundle, "GL920", "b");
    }
    case.refused("bytes in the padding", &gzip(&padded), "GL920", MANIFEST);
    let step = case.honest.len() / 60;
    for end in (0..case.honest.len()).step_by(step).chain(case.honest.len() - 10..case.honest.len())
    {
        let said = case.verify(&case.honest[..end]);
        assert_eq!(said.exit, Exit::Refused, "cut at {end}: {}", said.all());
        let (rule, path) = &told(&said)[0];
        assert_eq!((rule.as_str(), path.as_str()), ("GL920", "b"), "cut at {end}");
    }
}

/// Whatever bit is flipped: nothing panics, and what passes is the same release.
#[test]
fn a_flipped_bit_never_passes_with_another_content() {
    let case = Case::new();
    let plain = gunzip(&case.honest);
    let mut random: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % below as u64).unwrap()
    };
    for round in 0..80 {
        let bundle = if round % 2 == 0 {
            let mut bundle = case.honest.clone();
            bundle[next(case.honest.len())] ^= 1 << next(8);
            bundle
        } else {
            let mut plain = plain.clone();
            let at = next(plain.len());
            plain[at] ^= 1 << next(8);
            gzip(&plain)
        };
        let said = case.verify(&bundle);
        if said.exit == Exit::Passed {
            let same: Vec<Vec<u8>> =
                pieces(&bundle).into_iter().skip(1).map(|piece| piece.content).collect();
            let was: Vec<Vec<u8>> =
                case.pieces().into_iter().skip(1).map(|piece| piece.content).collect();
            assert!(same == was, "round {round}: another content passes");
        }
    }
}

#[test]
fn what_is_no_bundle_and_no_project_is_told() {
    let world = World::played();
    let said = run(&world, &["verify", "nowhere.tar.gz"], Exit::Incomplete);
    assert!(said.err.contains("cannot open"), "{}", said.err);
    let made = Command::new("mkfifo").arg("pipe").current_dir(&world.dir).status();
    assert!(made.unwrap().success());
    let said = run(&world, &["verify", "pipe"], Exit::Incomplete);
    assert!(said.err.contains("FIFO"), "{}", said.err);
    // A policy that cannot be used, packed by hand.
    let case = Case::new();
    let mut all = case.pieces();
    listed(&mut all, Piece::file("d3p.yaml", "phase: [\n"));
    write(&case.world.dir.join("b"), &all);
    run(&case.world, &["verify", "b"], Exit::Incomplete);
    // The same, altered: the member is named first of all.
    let mut all = case.pieces();
    put(&mut all, Piece::file("d3p.yaml", "phase: [\n"));
    let said = case.verify(&gzip(&tar(&all)));
    assert!(said.exit == Exit::Refused && has(&said, "GL919", "d3p.yaml"), "{}", said.all());
    // Nothing but a policy.
    let mut all = case.pieces();
    all.retain(|piece| [MANIFEST, "d3p.yaml"].contains(&piece.name().as_str()));
    let said = case.verify(&gzip(&tar(&all)));
    assert!(said.exit == Exit::Refused && has(&said, "GL918", LEDGER), "{}", said.all());
}
