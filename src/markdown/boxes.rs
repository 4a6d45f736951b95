//! Near misses of task boxes: what looks like a ticked box on the page and is none to any tool.

/// What people put into a box in place of `x`, beside letters.
const MARKS: &str = "xX×хХ✓✔✗✘✅❌☑☒√vVyYoO*+-~/•.";

/// Boxes that are characters of their own.
const BALLOTS: [char; 3] = ['☐', '☑', '☒'];

/// Longest content of brackets that may still be meant as a box, in characters.
const LONGEST: usize = 8;

/// Length of the near miss that `item`, the source of a list item that is no task, starts with.
pub(super) fn near_miss(item: &str) -> Option<usize> {
    if let Some(ballot) = item.chars().next().filter(|c| BALLOTS.contains(c)) {
        return Some(ballot.len_utf8());
    }
    let rest = item.strip_prefix('[')?;
    let (end, _) = rest
        .char_indices()
        .take(LONGEST)
        .take_while(|(_, c)| *c != '\n')
        .find(|(_, c)| *c == ']')?;
    // An escaping editor writes `\[x\]`; emoji carry a variation selector.
    let content = rest[..end].trim_end_matches('\\').trim().trim_end_matches('\u{fe0f}');
    let mut marks = content.chars();
    let looks_like = match (marks.next(), marks.next()) {
        (None, _) => true,
        (Some(mark), None) => MARKS.contains(mark),
        _ => false,
    };
    looks_like.then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_near_misses() {
        let near = |item: &str| near_miss(item).map(|len| item[..len].to_owned());
        for (item, want) in [
            ("[] a", "[]"),
            ("[x]nospace", "[x]"),
            ("[✓] a", "[✓]"),
            ("[ x ] a", "[ x ]"),
            ("[  ] a", "[  ]"),
            ("[✔️] a", "[✔️]"),
            ("[x\\] a", "[x\\]"),
            ("[-] a", "[-]"),
            ("☑ a", "☑"),
        ] {
            assert_eq!(near(item).as_deref(), Some(want), "{item}");
        }
        for item in ["[1] a", "[note] a", "[a] b", "✅ a", "a [x]", "[x", "", "[\n]"] {
            assert_eq!(near(item), None, "{item}");
        }
    }
}
