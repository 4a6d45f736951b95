use super::{hollow, stands_elsewhere};

#[test]
fn what_says_nothing() {
    for text in [
        "",
        ".",
        "-",
        "—",
        "…",
        "???",
        "✅",
        "x",
        "xxx",
        "aaaa",
        "1",
        "n/a",
        "N/A",
        "none",
        "nothing",
        "TBD",
        "tbd later",
        "to be defined",
        "as usual",
        "as needed",
        "the usual",
        "somewhere",
        "somewhere in the wiki",
        "see the wiki",
        "See wiki.",
        "see docs",
        "in the wiki",
        "see Confluence",
        "as described in the runbook",
        "refer to the documentation",
        "same as above",
        "ditto",
        "ok",
        "OK, fine",
        "all good",
        "everything works",
        "It works",
        "asdf",
        "lorem ipsum",
        "test",
        "foo bar",
        "whatever",
        "soon",
        "not applicable",
        "the usual place",
        "in our tool",
        "to be decided",
        "unknown",
        "siehe Wiki",
        "ninguno, no aplica",
        "特になし",
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.",
        "\u{3164}\u{3164}\u{3164}",
        "\u{115F}\u{1160}\u{FFA0}\u{2800}",
        "n\u{AD}o\u{200B}ne",
        "no\u{3164}ne",
    ] {
        assert!(hollow(text).is_some(), "{text}");
    }
}

#[test]
fn short_and_honest() {
    for text in [
        "Users",
        "Customers",
        "Everyone in sales",
        "Slack",
        "E-mail",
        "Mail",
        "Phone",
        "Chat",
        "On call",
        "CTO",
        "dev",
        "#releases",
        "Grafana",
        "https://wiki.example/x",
        "See https://wiki.example/rollback",
        "see wiki page 12",
        "docs/rollback.md",
        "See RB-12",
        "Nightly import peaks",
        "No known risks",
        "No orders at night",
        "nothing unusual",
        "SHOP-12",
        "Typo fixed",
        "5xx",
        "p99 at the gateway",
        "+351 21 555 0101",
        "The wiki's index is rebuilt",
        "Release is live",
        "v1.4.0 deployed",
        "登录可以使用",
        "Passwort zurückgesetzt",
        "Hotfix",
        "known peak",
        "reviewed",
        "superseded",
        "the alarm was false",
        "orders are lost",
        "team channel",
        "Traffic is even all day",
    ] {
        assert_eq!(hollow(text), None, "{text}");
    }
}

#[test]
fn a_step_is_told_from_where_it_stands() {
    for text in [
        "See https://wiki.example/rollback",
        "see RB-12, steps 1 to 4",
        "Follow runbook RB-12",
        "Follow the runbook for the rollback",
        "As described in docs/rollback.md",
        "Refer to section 3 of the runbook",
        "per runbook §4",
    ] {
        assert!(stands_elsewhere(text), "{text}");
    }
    for text in [
        "Redeploy the previous release of web (see https://wiki.example/rollback)",
        "Run scripts/rollback_backend.sh",
        "Run the rollback workflow in GitHub Actions",
        "Follow the traffic shift on the dashboard until it is at 0",
        "See that no request reaches the new version",
        "Restore the database from the snapshot, as described in docs/restore.md",
        "Use the previous image",
    ] {
        assert!(!stands_elsewhere(text), "{text}");
    }
}
