//! Where each value of a JSON or YAML text stands: the shape of the value with byte ranges in place
//! of the contents. Its depth is bounded by [`super::MAX_DEPTH`], so recursion over it is safe.

use super::pointer;
use std::ops::Range;

/// Byte ranges of a value, of its key, and of what it contains.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tree {
    pub(super) value: Range<usize>,
    pub(super) key: Option<Range<usize>>,
    pub(super) inside: Inside,
}

/// What a value contains.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Inside {
    Nothing,
    Items(Vec<Tree>),
    Members(Vec<(String, Tree)>),
}

impl Tree {
    /// Byte range of the value at an RFC 6901 `pointer`, or with `key` of its key (quotes included).
    ///
    /// Where the pointer leads to nothing, its longest prefix that exists is located: a missing
    /// member is shown at the object that lacks it. The root and array elements have no key; their
    /// value is located instead.
    pub fn locate(&self, pointer: &str, key: bool) -> Range<usize> {
        let mut here = self;
        for token in pointer::tokens(pointer) {
            match here.child(&token) {
                Some(child) => here = child,
                None => break,
            }
        }
        here.key.as_ref().filter(|_| key).unwrap_or(&here.value).clone()
    }

    /// The RFC 6901 pointer to the innermost value that stands, or whose key stands, at the byte `at`.
    pub fn pointer_at(&self, at: usize) -> String {
        let covers = |tree: &Self| {
            let holds = |range: &Range<usize>| range.start <= at && at <= range.end;
            holds(&tree.value) || tree.key.as_ref().is_some_and(holds)
        };
        let (name, inner) = match &self.inside {
            Inside::Nothing => return String::new(),
            Inside::Items(items) => match items.iter().position(covers) {
                Some(index) => (index.to_string(), &items[index]),
                None => return String::new(),
            },
            Inside::Members(members) => match members.iter().find(|(_, tree)| covers(tree)) {
                Some((name, tree)) => (pointer::escape(name).to_string(), tree),
                None => return String::new(),
            },
        };
        format!("/{name}{}", inner.pointer_at(at))
    }

    fn child(&self, token: &str) -> Option<&Self> {
        match &self.inside {
            Inside::Nothing => None,
            Inside::Items(items) => items.get(token.parse::<usize>().ok()?),
            Inside::Members(members) => {
                members.iter().find(|(name, _)| name == token).map(|(_, tree)| tree)
            }
        }
    }

    /// Moves all ranges by `offset` bytes: from a part of a file to the file.
    pub(crate) fn shift(&mut self, offset: usize) {
        for range in [Some(&mut self.value), self.key.as_mut()].into_iter().flatten() {
            *range = range.start + offset..range.end + offset;
        }
        match &mut self.inside {
            Inside::Nothing => {}
            Inside::Items(items) => items.iter_mut().for_each(|item| item.shift(offset)),
            Inside::Members(members) => {
                members.iter_mut().for_each(|(_, member)| member.shift(offset));
            }
        }
    }
}
