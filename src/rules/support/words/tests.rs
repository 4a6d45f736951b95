use super::{denies, empty_item, is_nothing};

#[test]
fn a_no_is_a_no() {
    for text in [
        "No, nobody is briefed and nobody is staffed.",
        "No.",
        "**No**",
        "Nobody is present.",
        "Ana Silva decides. She is not reachable.",
        "Not yet",
        "- no: later",
    ] {
        assert!(denies(text).is_some(), "{text}");
    }
}

#[test]
fn a_no_without_a_reason_is_outright() {
    for text in
        ["No, nobody is briefed.", "Nein, niemand.", "いいえ、誰もいません。", "Nobody is present."]
    {
        assert!(denies(text).is_some_and(|no| no.outright), "{text}");
    }
    for text in [
        "None, because the job has no users.",
        "Not needed because the job has no users.",
        "Not applicable, because nobody outside of the two of us uses the job.",
        "Nobody but Ana Silva, who is at the till and reached by phone.",
        "Not Mei Tanaka, who wrote it, but Ana Silva, present and reachable by phone.",
        "Nein, es gibt keinen Kundendienst: der Dienst hat keine Nutzer.",
        "No. Ana Silva answers for it, present all day.",
        "No, since nobody outside of the team uses it.",
        "Nicht Mei Tanaka, sondern Ana Silva.",
        "Aucun, car le service n'a pas d'utilisateurs.",
        "Ninguno, porque el servicio no tiene usuarios.",
        "Leider wurde bisher niemand informiert.",
    ] {
        assert!(denies(text).is_none_or(|no| !no.outright), "{text}");
    }
    for text in [
        "No, nobody is.",
        "No, nobody is. Mei Tanaka briefed the desk in May, because we asked.",
        "No: nobody",
        "Nobody.",
        "Niemand.",
        "Not yet.",
        "No, not yet, and we do not know when.",
        "Keiner ist da.",
        "Nadie.",
    ] {
        assert!(denies(text).is_some_and(|no| no.outright), "{text}");
    }
    for text in [
        "Yes. Mei Tanaka is absent, so Jonas Weber stands in.",
        "Hopefully yes.",
        "No channel has been briefed so far.",
        "Kein Kanal wurde informiert.",
        "Half of them were briefed.",
        "Yes, except for the telephone line and chat.",
        "Ana Silva and Jonas Weber, presence not confirmed.",
    ] {
        assert!(denies(text).is_some_and(|no| !no.outright), "{text}");
    }
    for text in [
        "Yes. Nothing is open: every desk was briefed. Nobody needs to be on night shift.",
        "All are briefed and staffed. None of the desks is closed on that day.",
        "Yes.\nThe e-mail desk was briefed.",
        "No campaign runs, and both desks are staffed.",
        "There is one support channel. No other channel exists.",
        "Notable people are on call.",
        "Ana Silva decides; if she does not answer, Jonas Weber does.",
    ] {
        assert_eq!(denies(text), None, "{text}");
    }
}

#[test]
fn nothing_is_no_step() {
    for text in [
        "Nothing, there is no way back",
        "n/a",
        "-",
        "None",
        "It is not possible",
        "Gar nichts tun",
        "何もしない",
    ] {
        assert!(is_nothing(text), "{text}");
    }
    for text in [
        "Redeploy the previous release of web",
        "Nonessential jobs are stopped",
        "Nothing to migrate back; set the image tag to v1.3.0",
        "None of the tables changed, so redeploy v1.3.0 only",
        "Not possible to lose data: run the smoke tests",
    ] {
        assert!(!is_nothing(text), "{text}");
    }
}

#[test]
fn an_item_says_what_is_to_be_seen() {
    for text in
        ["ok", "NOT DONE", "TODO", "works", "Checkout works: not tested", "✓", "see the wiki"]
    {
        assert!(empty_item(text).is_some(), "{text}");
    }
    for text in ["The footer shows v1.4.0 in two browsers.", "登录可以使用"] {
        assert_eq!(empty_item(text), None, "{text}");
    }
}
