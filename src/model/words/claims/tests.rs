//! True sentences that stay silent, and false ones that are told.

use super::claims;
use proptest::prelude::*;

#[test]
fn what_did_not_pass_is_told() {
    for text in [
        "14 looked at, 3 hold",
        "14 conditions were checked, only 3 hold.",
        "Fourteen looked at, three hold",
        "12 of 14 tests passed",
        "12/14 passed",
        "3 out of the 14 conditions are met",
        "None of the 14 conditions holds",
        "We passed 12 of 14",
        "3 of 14 scenarios failed",
        "The suite ran: 12 passed, 2 failed",
        "2 open blockers remain",
        "85% of the tests pass",
        "15 of 14 passed",
        "2 of 3 instances are healthy",
        "12 of 14 scenarios passed, and two defects are accepted until the next release",
        "Of 14 conditions 3 hold.",
        "1 of 12 tests failed on 2026-11-30",
        "3 tests have failed",
        "12 of 14 tests did not pass",
        "Step 3 failed.",
        "It rests on four conditions, and two of them are not met:",
        "1,190 of 1,200 checks passed",
        "85 % of the tests pass",
        "15% of the checks failed",
        "3 von 14 Tests sind fehlgeschlagen",
        "12 von 14 Bedingungen sind erfüllt",
        "Keine der 14 Bedingungen ist erfüllt",
        "3 Tests fehlgeschlagen",
        "Fallaron las pruebas: 3 de 14 pruebas fallaron",
        "12 de 14 pruebas superadas",
        "12 des 14 tests ont réussi",
        "3 tests sur 14: 3 échoués",
    ] {
        assert_eq!(claims(text).len(), 1, "{text}: {:?}", claims(text));
    }
}

const NO_CLAIMS: [&str; 66] = [
    "14 looked at, 14 hold",
    "14 of 14 passed",
    "all three gift card scenarios accepted",
    "41 passed, 0 failed",
    "It rests on four conditions, and all of them are met",
    "Six scenarios: two of them failed at first, and were mended",
    "No blocker is open, and two cosmetic defects are accepted until the next release.",
    "We roll back if 2 of 3 instances fail",
    "Two of 14 failed at first; both were fixed. 14 of 14 passed",
    "2 of 14 failed and passed when run again",
    "Two failed logins lock the account",
    "Both desks are staffed 24/7 and approved",
    "under a tenth of the daily peak",
    "Deploy api as canary at 5, 25 and 100 percent of traffic",
    "error rate under 1%, a p99 latency under 300ms",
    "We watch 2 of the 3 regions",
    "1.5 of 2 GiB are used",
    "The audit of 2026/11 passed",
    "0 of 12 tests failed.",
    "No open blocker; 0 of 12 tests failed.",
    "Not one of the 12 tests failed.",
    "None of the 12 tests failed.",
    "Zero of 12 failed.",
    "Neither of the 2 suites failed.",
    "Of the 12 tests none failed.",
    "12 of 12 tests have not failed.",
    "The 12 tests ran without failures.",
    "The audit was held on 2026-11-30; all four tests pass.",
    "The audit was held on 2026-11-30, all four tests pass.",
    "Ran on 30 November 2026: all 4 tests pass.",
    "Since November 30 all four tests pass.",
    "Ticket 4711: all 4 tests pass.",
    "Ticket #4711, all 4 tests pass.",
    "At 23:05 all four tests passed.",
    "v1.4.0 of the api: all 4 tests pass.",
    "Release 1.4.0: 4 of 4 scenarios accepted.",
    "Build 812 of 2026: each of the 12 tests passed.",
    "Attempt 2 of 3 passed.",
    "On 11/30 all tests passed.",
    "12 tests were run on 2 servers and passed.",
    "12 tests were run, all 3 suites pass.",
    "12 of 14 tests are relevant, and all of them passed.",
    "CPU stays under 40% and all checks pass.",
    "99% of requests succeed.",
    "Coverage is 85%, all tests pass.",
    "Up to 2 failures are allowed per day.",
    "1,200 of 1,200 checks passed.",
    "Of the 14 conditions 14 hold.",
    "Keiner der 12 Tests ist fehlgeschlagen.",
    "0 von 12 Tests sind fehlgeschlagen.",
    "Von den 12 Tests ist keiner fehlgeschlagen.",
    "Am 30. November 2026 sind alle 4 Tests bestanden.",
    "12 von 12 Bedingungen sind erfüllt.",
    "Nicht einer der 12 Tests ist fehlgeschlagen.",
    "Zwei Tests waren zuerst rot; beide sind behoben.",
    "Ticket 4711: alle 4 Tests bestanden.",
    "Ninguna de las 12 pruebas falló.",
    "0 de 12 pruebas fallaron.",
    "Las 12 pruebas se ejecutaron sin fallos.",
    "El 30 de noviembre las 4 pruebas fueron superadas.",
    "12 de 12 pruebas superadas.",
    "Aucun des 12 tests n'a échoué.",
    "0 des 12 tests a échoué.",
    "Les 12 tests n’ont pas échoué.",
    "12 tests sur 12 ont réussi.",
    "Le 30 novembre, les 4 tests ont réussi.",
];

#[test]
fn what_passed_or_is_no_claim_is_not() {
    for text in NO_CLAIMS {
        assert_eq!(claims(text), vec![], "{text}");
    }
}

proptest! {
    #[test]
    fn what_all_passed_is_told_of_nothing(
        all in 1u64..2000,
        day in 1u32..29,
        ticket in 1u32..9999,
        shape in 0usize..8,
    ) {
        let text = match shape {
            0 => format!("0 of {all} tests failed."),
            1 => format!("Not one of the {all} tests failed."),
            2 => format!("{all} of {all} tests passed."),
            3 => format!("On 2026-11-{day:02}, all {all} tests pass."),
            4 => format!("Ticket {ticket}: all {all} tests pass."),
            5 => format!("Seit dem {day}.11.2026 sind alle {all} Tests bestanden."),
            6 => format!("At 23:{day:02} all {all} checks passed; 0 failed."),
            _ => format!("Aucun des {all} tests n'a échoué le {day} novembre."),
        };
        prop_assert_eq!(claims(&text), vec![]);
    }

    #[test]
    fn what_failed_in_part_is_told(part in 1u64..1000, more in 1u64..1000, shape in 0usize..4) {
        let all = part + more;
        let text = match shape {
            0 => format!("{part} of {all} tests passed."),
            1 => format!("Ticket 4711: {part} of {all} tests failed."),
            2 => format!("On 2026-11-30, {part} von {all} Tests bestanden."),
            _ => format!("{all} looked at, {part} hold"),
        };
        prop_assert_eq!(claims(&text).len(), 1, "{}", text);
    }

    #[test]
    fn any_text_is_read(text in "(?s)([0-9]{1,4}|of|failed|%|/|-|:| |é|\u{3164}|n’a|'){0,12}|\\PC{0,40}") {
        let _ = claims(&text);
    }
}
