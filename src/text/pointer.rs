//! JSON pointers (RFC 6901): building them and taking them apart. Resolving one against a value is
//! `serde_json`'s business, against a text [`super::Tree`]'s.

use std::borrow::Cow;

/// Escapes one reference token: `~` becomes `~0`, `/` becomes `~1`.
pub fn escape(token: &str) -> Cow<'_, str> {
    if token.contains(['~', '/']) {
        Cow::Owned(token.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(token)
    }
}

/// The unescaped tokens of `pointer`; none for the root.
///
/// A missing first `/` is forgiven, since pointers of this program are never user input.
pub fn tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let rest = pointer.strip_prefix('/').or((!pointer.is_empty()).then_some(pointer));
    rest.into_iter().flat_map(|rest| rest.split('/')).map(|token| {
        if token.contains('~') {
            Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
        } else {
            Cow::Borrowed(token)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_undo_join() {
        for path in [vec![], vec![""], vec!["a", "b"], vec!["a/b", "~1", "~", "م/🚀", ""]] {
            let pointer =
                path.iter().fold(String::new(), |base, token| format!("{base}/{}", escape(token)));
            assert_eq!(tokens(&pointer).collect::<Vec<_>>(), path, "{pointer}");
        }
        assert_eq!(escape("x/~y"), "x~1~0y");
    }
}
