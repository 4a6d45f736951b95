//! What keeps the source readable, as far as a test can see it.

#![allow(clippy::unwrap_used, reason = "a source that cannot be read must fail loudly")]

use crate::layers::sources;
use syn::visit::{self, Visit};

/// More lines than this hold two things.
const MOST_LINES: usize = 400;

#[test]
fn no_file_of_the_library_is_long() {
    let long = |text: &str| text.lines().count() > MOST_LINES;
    let sources = sources();
    let found: Vec<_> =
        sources.iter().filter(|(_, text)| long(text)).map(|(path, _)| path).collect();
    let none: [&String; 0] = [];
    assert_eq!(found, none, "split it by what it is about");
}

/// Functions whose error is a text, in a file of `src`.
struct Texts(Vec<String>);

impl<'ast> Visit<'ast> for Texts {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.ident != "tests" {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        if let syn::ReturnType::Type(_, of) = &signature.output
            && is_text_error(of)
        {
            self.0.push(signature.ident.to_string());
        }
    }
}

/// Whether a type is a `Result` whose error is `String`.
fn is_text_error(of: &syn::Type) -> bool {
    let syn::Type::Path(of) = of else { return false };
    let Some(last) = of.path.segments.last().filter(|last| last.ident == "Result") else {
        return false;
    };
    let syn::PathArguments::AngleBracketed(of) = &last.arguments else { return false };
    let error = of.args.iter().nth(1);
    error.is_some_and(|error| quote::quote!(#error).to_string() == "String")
}

#[test]
fn an_error_is_a_type_and_never_a_text() {
    let texts = |text: &str| {
        let mut texts = Texts(Vec::new());
        texts.visit_file(&syn::parse_file(text).unwrap());
        texts.0
    };
    assert_eq!(texts("fn a() -> Result<u8, String> { Ok(1) }"), ["a"]);
    assert_eq!(texts("fn a() -> Result<String, Reason> { Ok(1) }"), Vec::<String>::new());
    let sources = sources();
    let code = sources.iter().filter(|(path, _)| !path.ends_with("tests.rs"));
    let found: Vec<_> = code.flat_map(|(_, text)| texts(text)).collect();
    let none: [String; 0] = [];
    assert_eq!(found, none, "use `model::Reason`, or `cli::Failure` where a command ends");
}

/// Files that may judge a step by the project's files alone: the one clearance that asks everybody else
/// besides; a launch that does once more what it did, under the lock that it took from the others; and
/// a page that says that it is of the files alone.
const BY_FILES: [&str; 3] = ["cli/clearing.rs", "cli/prompt.rs", "cli/run/mod.rs"];

#[test]
fn whether_a_step_may_be_taken_is_not_asked_of_the_files_alone() {
    let uses = |(path, text): &&(String, String)| {
        path.starts_with("cli/") && text.contains("clearance_by_files")
    };
    let sources: Vec<(String, String)> = sources().into_iter().collect();
    let found: Vec<&str> = sources.iter().filter(uses).map(|(path, _)| &**path).collect();
    assert_eq!(found, BY_FILES, "ask cli::clearing");
}
