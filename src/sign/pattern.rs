//! Lists of patterns (ssh_config(5), PATTERNS): `*.example.com,!dev.example.com`.

/// Longest pattern that OpenSSH looks at.
pub(super) const LONGEST: usize = 1022;

/// Whether a list of patterns covers `name`: one does, and none with `!` does.
pub(super) fn covers<'a>(list: impl IntoIterator<Item = &'a str>, name: &str) -> bool {
    let mut covered = false;
    for pattern in list {
        match pattern.strip_prefix('!') {
            Some(pattern) if is_match(pattern.as_bytes(), name.as_bytes()) => return false,
            Some(_) => {}
            None => covered |= is_match(pattern.as_bytes(), name.as_bytes()),
        }
    }
    covered
}

/// Whether something is a pattern, rather than the name that it looks like.
pub(super) fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?']) || name.starts_with('!')
}

/// `*` stands for any bytes, `?` for one. Goes back to the last `*` only, so that no pattern takes
/// long.
fn is_match(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(&byte) if byte == b'?' || byte == name[n] => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((at, taken)) = star else { return false };
                star = Some((at, taken + 1));
                p = at + 1;
                n = taken + 1;
            }
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}
