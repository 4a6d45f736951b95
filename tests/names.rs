//! No name of a phase stands in Rust: ids, paths and titles of the shipped phases are looked for in
//! every text of the sources, in what their comments say to people too.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use proc_macro2::{TokenStream, TokenTree};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Words of a schema: keys and options that every phase writes and Rust has to read.
fn vocabulary(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, inner) in members {
                match (key.as_str(), inner) {
                    ("properties", Value::Object(keys)) => words.extend(keys.keys().cloned()),
                    ("enum", Value::Array(options)) => {
                        words.extend(options.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => {}
                }
                vocabulary(inner, words);
            }
        }
        Value::Array(items) => items.iter().for_each(|inner| vocabulary(inner, words)),
        _ => {}
    }
}

/// The ids, paths and titles of a definition, each with where it stands.
fn names(definition: &Value) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let mut add = |name: &Value, what: String| {
        names.extend(name.as_str().map(|name| (name.to_owned(), what)));
    };
    add(&definition["id"], "id".to_owned());
    add(&definition["title"], "title".to_owned());
    let lists = ["documents", "prerequisites", "evidence", "steps", "gates", "prompts"];
    for list in lists {
        for (id, def) in definition[list].as_object().into_iter().flatten() {
            add(&Value::from(id.as_str()), format!("{list}/{id}"));
            let aliases = def["aliases"].as_array().into_iter().flatten();
            let sections = def["sections"].as_array().into_iter().flatten();
            for name in [&def["path"], &def["title"]].into_iter().chain(aliases) {
                add(name, format!("{list}/{id}"));
            }
            for section in sections {
                add(&section["id"], format!("{list}/{id}/sections"));
                add(&section["title"], format!("{list}/{id}/sections"));
            }
        }
    }
    for list in ["checkpoints", "handoff"] {
        for item in definition[list].as_array().into_iter().flatten() {
            add(&item["id"], list.to_owned());
            add(&item["title"], list.to_owned());
        }
    }
    names
}

/// Every text literal, what comments for people say among them, and whether it is such a comment.
fn texts(tokens: TokenStream, out: &mut Vec<(String, bool)>) {
    let mut comment = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => texts(group.stream(), out),
            TokenTree::Ident(ident) => comment = ident == "doc",
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    out.push((text.value(), comment));
                }
                comment = false;
            }
            TokenTree::Punct(_) => {}
        }
    }
}

/// The texts of a source file outside of its tests.
fn texts_of(source: &str) -> Vec<(String, bool)> {
    let file = syn::parse_file(source).unwrap();
    let mut out = Vec::new();
    for item in &file.items {
        let tokens = quote::ToTokens::to_token_stream(item);
        if !tokens.to_string().starts_with("# [cfg (test)]") {
            texts(tokens, &mut out);
        }
    }
    let comments = file.attrs.iter().map(quote::ToTokens::to_token_stream);
    comments.for_each(|tokens| texts(tokens, &mut out));
    out
}

/// Whether `text` names `name`: it is the text, or where nobody writes it by chance a word of it.
fn is_named(name: &str, (text, comment): &(String, bool)) -> bool {
    if text == name {
        return true;
    }
    let is_title = name.contains(' ');
    if !name.contains(['-', '/']) || is_title {
        // A title in a sentence that is no comment; a single word in a command.
        let commands =
            ["gate", "record", "run", "--before", "tick", "explain", "--through", "diff"];
        let words: Vec<&str> = text.split([' ', '`', '\n']).collect();
        let asked = |pair: &[&str]| commands.contains(&pair[0]) && pair[1] == name;
        let whole = |(at, _): (usize, &str)| {
            let next = text[at + name.len()..].chars().next();
            next.is_none_or(|c| !c.is_alphanumeric())
        };
        let said = || text.match_indices(name).any(whole);
        return is_title && !comment && said() || words.windows(2).any(asked);
    }
    let part = |c: char| c.is_alphanumeric() || "-_./".contains(c);
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_none_or(|c| !part(c));
        let mut after = text[at + name.len()..].chars();
        let next = after.next().is_none_or(|c| !part(c) || c == '.');
        before && next
    })
}

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("tests") {
                sources(&path, out);
            }
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && !path.ends_with("tests.rs")
        {
            out.push(path);
        }
    }
}

#[test]
fn no_name_of_a_phase_stands_in_rust() {
    let mut words = BTreeSet::new();
    for name in d3p::testing::schema::names() {
        vocabulary(
            &serde_json::from_str(d3p::testing::schema::text(name).unwrap()).unwrap(),
            &mut words,
        );
    }
    let mut known = BTreeMap::new();
    for id in d3p::testing::source::embedded_phases() {
        let phase = d3p::testing::source::embedded(id).unwrap();
        let text = phase.folder.text("phase.yaml").unwrap();
        known.extend(names(&d3p::testing::text::yaml::parse(text).unwrap()));
    }
    known.retain(|name, _| !words.contains(name));
    assert!(known.len() > 80, "{}", known.len());
    let mut files = vec![root().join("build.rs")];
    sources(&root().join("src"), &mut files);
    assert!(files.len() > 200);
    let mut found = Vec::new();
    for path in files {
        let all = texts_of(&fs::read_to_string(&path).unwrap());
        for text in &all {
            let named = known.iter().filter(|(name, _)| is_named(name, text));
            found.extend(named.map(|(name, what)| {
                format!("{}: {name} ({what}) in {:?}", path.display(), text.0.trim())
            }));
        }
    }
    assert!(found.is_empty(), "a phase names what Rust names too:\n{}", found.join("\n"));
}

#[test]
fn a_name_is_found_wherever_it_stands() {
    let source = r#"
        //! d3p run deploy-staging
        /// Ask `d3p check --before deploy-production`.
        fn of() -> &'static str { format!("see {}", ".artifacts/deployment/rollback-plan.md"); "monitoring" }
        #[cfg(test)]
        mod tests { const GATE: &str = "staging-validation"; }
        rule! { /// `production-approval.json` holds it.
            GL001 "Known risks" }
    "#;
    let all = texts_of(source);
    let found = |name: &str| all.iter().any(|text| is_named(name, text));
    for name in
        ["deploy-staging", "deploy-production", "monitoring", "production-approval", "Known risks"]
    {
        assert!(found(name), "{name}: {all:?}");
    }
    assert!(found(".artifacts/deployment/rollback-plan.md"));
    for name in ["staging-validation", "deploy", "artifacts", "risks", "plan.md"] {
        assert!(!found(name), "{name}: {all:?}");
    }
}
