//! Names that look like another: letters of two scripts, blanks that are none, characters that
//! nobody sees (compare Unicode Technical Standard 39).

/// Scripts with letters that look like those of another; whatever else is written stands for one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Cherokee,
    /// Chinese, Japanese and Korean, which people write beside Latin names.
    EastAsian,
    Other,
}

impl Script {
    const fn word(self) -> &'static str {
        match self {
            Self::Latin => "Latin",
            Self::Greek => "Greek",
            Self::Cyrillic => "Cyrillic",
            Self::Armenian => "Armenian",
            Self::Cherokee => "Cherokee",
            Self::EastAsian => "East Asian",
            Self::Other => "other",
        }
    }
}

/// Why `text` could be taken for another one, with the character that makes it so; `None` when
/// nothing in it deceives the eye.
pub(crate) fn deceives(text: &str) -> Option<String> {
    let mut known: Option<(Script, char)> = None;
    let mut before = None;
    for c in text.chars() {
        let code = u32::from(c);
        // The blank between Chinese, Japanese and Korean letters is as wide as they are.
        if code == 0x3000 && known.is_some_and(|(script, _)| script == Script::EastAsian) {
            continue;
        }
        if c != ' ' && (c.is_whitespace() || is_blank(code)) {
            return Some(format!("it holds an unusual blank (U+{code:04X}); write a plain one"));
        }
        if c.is_control() || is_invisible(code) && !joins(before, code) {
            return Some(format!("it holds a character that nobody sees (U+{code:04X})"));
        }
        if is_styled(code) {
            return Some(format!("it holds `{c}` (U+{code:04X}), which only looks like a letter"));
        }
        before = Some(code);
        let Some(script) = script(c) else { continue };
        match known {
            Some((first, _)) if first == script || mix(first, script) => {}
            Some((first, letter)) => {
                return Some(format!(
                    "it mixes {} and {} letters, such as `{letter}` (U+{:04X}) and `{c}` (U+{code:04X})",
                    first.word(),
                    script.word(),
                    u32::from(letter)
                ));
            }
            None => known = Some((script, c)),
        }
    }
    None
}

/// Whether people write names in these two scripts at once.
fn mix(one: Script, other: Script) -> bool {
    let pair = [one, other];
    pair.contains(&Script::EastAsian) && pair.contains(&Script::Latin)
}

/// The script of a letter; digits, hyphens and accents belong to all.
fn script(c: char) -> Option<Script> {
    let code = u32::from(c);
    let found = match code {
        0x41..=0x5A | 0x61..=0x7A | 0xAA | 0xBA | 0xC0..=0x2AF | 0x1D00..=0x1DBF => Script::Latin,
        0x1E00..=0x1EFF | 0x2C60..=0x2C7F | 0xA720..=0xA7FF | 0xAB30..=0xAB6F => Script::Latin,
        0x370..=0x3FF | 0x1F00..=0x1FFF => Script::Greek,
        0x400..=0x52F | 0x1C80..=0x1C8F | 0x2DE0..=0x2DFF | 0xA640..=0xA69F => Script::Cyrillic,
        0x530..=0x58F => Script::Armenian,
        0x13A0..=0x13FF | 0xAB70..=0xABBF => Script::Cherokee,
        0x1100..=0x11FF | 0x2E80..=0x9FFF | 0xA960..=0xA97F | 0xAC00..=0xD7FF => Script::EastAsian,
        0xF900..=0xFAFF | 0x20000..=0x3FFFF => Script::EastAsian,
        _ => Script::Other,
    };
    (c.is_alphabetic() && !is_mark(code)).then_some(found)
}

/// Accents that stand alone, and letters that every script uses.
const fn is_mark(code: u32) -> bool {
    matches!(code, 0x2B0..=0x36F | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF)
}

/// What shows as a blank and is a letter or a symbol to a machine.
const fn is_blank(code: u32) -> bool {
    matches!(code, 0x115F | 0x1160 | 0x2800 | 0x3164 | 0xFFA0)
}

/// What shows as nothing at all.
const fn is_invisible(code: u32) -> bool {
    matches!(code,
        0xAD | 0x34F | 0x61C | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
        | 0x202A..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xFEFF | 0xFFF9..=0xFFFB
        | 0xE0000..=0xE0FFF)
}

/// Whether it is a joiner that Arabic and Indic names are spelt with.
fn joins(before: Option<u32>, code: u32) -> bool {
    matches!(code, 0x200C | 0x200D)
        && before.is_some_and(|before| (0x600..=0xDFF).contains(&before))
}

/// Letters of mathematics, in circles, or of full width.
const fn is_styled(code: u32) -> bool {
    matches!(code, 0x2100..=0x214F | 0x2460..=0x24FF | 0xFF01..=0xFF5E | 0x1D400..=0x1D7FF | 0x1F100..=0x1F1FF)
}

#[cfg(test)]
mod tests {
    use super::deceives;

    #[test]
    fn names_as_people_write_them() {
        for name in [
            "Ana Silva",
            "Zoë O'Neil-Brontë",
            "Ana Silva e\u{301}",
            "Анна Силва",
            "Άννα Παπαδοπούλου",
            "王小明",
            "David 王",
            "김민준",
            "たなか めい",
            "山田\u{3000}太郎",
            "محمد علي",
            "علی\u{200C}رضا رضایی",
            "अनिल कुमार",
            "ana@shop.example",
        ] {
            assert_eq!(deceives(name), None, "{name}");
        }
    }

    #[test]
    fn names_that_look_like_another() {
        for (name, why) in [
            ("Ana\u{A0}Silva", "blank (U+00A0)"),
            ("Ana\u{2003}Silva", "blank (U+2003)"),
            ("Ana\tSilva", "blank (U+0009)"),
            ("Ana\u{3000}Silva", "blank (U+3000)"),
            ("Ana\u{3164}Silva", "blank (U+3164)"),
            ("Аna Silva", "Cyrillic and Latin"),
            ("Ana Silvа", "`а` (U+0430)"),
            ("Αna Silva", "Greek and Latin"),
            ("Ana Sil\u{200B}va", "nobody sees (U+200B)"),
            ("Ana \u{202E}avliS", "nobody sees (U+202E)"),
            ("Ana Sil\u{200D}va", "nobody sees (U+200D)"),
            ("Ana Silva\u{FEFF}", "nobody sees (U+FEFF)"),
            ("Ａna Silva", "looks like a letter"),
            ("𝐀na Silva", "looks like a letter"),
            ("an\u{430}@shop.example", "Latin and Cyrillic"),
        ] {
            let found = deceives(name).unwrap_or_default();
            assert!(found.contains(why), "{name:?}: {found}");
        }
    }
}
