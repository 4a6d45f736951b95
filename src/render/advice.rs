//! Advice for people: the command as a shell takes it, and what is to be done.

use crate::model::{Advice, AdviceKind};
use crate::text::shell;

/// A command, word by word as a shell takes it; words that are to be put in stand as they are.
pub fn command(advice: &Advice) -> String {
    let words = advice.argv.iter().map(|word| shell::word(word));
    words.collect::<Vec<_>>().join(" ")
}

/// One way, on one line: what is to be done, and the command that ends the line.
pub fn way(advice: &Advice) -> String {
    let what = advice.what.as_str();
    let mut text = match (advice.kind, advice.argv.is_empty()) {
        (AdviceKind::Edit, true) => {
            let edit = format!("edit {}", place(advice).unwrap_or_default());
            if what.is_empty() { edit } else { format!("{edit}: {what}") }
        }
        (_, true) => match place(advice) {
            Some(place) => format!("{what} ({place})"),
            None => what.to_owned(),
        },
        (_, false) if what.is_empty() => command(advice),
        (_, false) => format!("{what}: {}", command(advice)),
    };
    if let Some(moment) = advice.not_before {
        text = format!("from {moment} on: {text}");
    }
    if let Some(moment) = advice.due {
        text = format!("until {moment}: {text}");
    }
    text
}

/// Every way, a line each; each but the first begins with `or`.
pub fn ways(advice: &Advice) -> Vec<String> {
    let one = |(index, advice): (usize, &Advice)| match index {
        0 => way(advice),
        _ => format!("or {}", way(advice)),
    };
    advice.ways().enumerate().map(one).collect()
}

/// `path:line` of what is to be edited or looked at.
fn place(advice: &Advice) -> Option<String> {
    let path = &advice.place.as_ref()?.path;
    Some(match advice.line {
        Some(line) => format!("{path}:{line}"),
        None => path.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::{way, ways};
    use crate::model::{Advice, Location, Placeholder};

    #[test]
    fn a_command_is_quoted_for_a_shell_and_ends_its_line() {
        let advice = Advice::d3p(["announce", "it's live; $(reboot)"]).what("tell them");
        assert_eq!(way(&advice), r"tell them: d3p announce 'it'\''s live; $(reboot)'");
    }

    #[test]
    fn every_way_is_told() {
        let advice = Advice::restore("a b.json").or(Advice::decide(["waive"])
            .with("--as", Placeholder::PRINCIPAL)
            .or(Advice::wait("wait")));
        let told = ways(&advice);
        assert_eq!(
            told,
            [
                "bring back what was recorded: d3p doctor --restore",
                "or d3p waive --as PRINCIPAL",
                "or wait",
            ]
        );
    }

    #[test]
    fn an_edit_names_its_place() {
        let mut advice = Advice::edit(Location::file("d3p/PLAN.md"), "fill it in");
        assert_eq!(way(&advice), "edit d3p/PLAN.md: fill it in");
        advice.line = Some(7);
        assert_eq!(way(&advice), "edit d3p/PLAN.md:7: fill it in");
    }
}
