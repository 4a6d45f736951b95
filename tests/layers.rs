//! The layers hold: which module may use which, and who may touch the outside world.
//!
//! Every source file is parsed. `use` trees, paths in expressions and types, and the tokens of
//! macros are looked at; `super` is followed up to the crate's root.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::visit::{self, Visit};

/// Each module of the crate's root, and what it may use. Lower layers come first, and no module
/// may use one that comes after it.
const LAYERS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("assets", &["model"]),
    ("process", &["model"]),
    ("env", &["model"]),
    // Whoever is asked over the network is asked here, and knows nothing of releases.
    ("http", &["model"]),
    ("text", &["model"]),
    ("schema", &["model", "assets"]),
    ("import", &["model", "text", "schema"]),
    ("markdown", &["model", "text"]),
    // An envelope is strict JSON, and what it holds is read from the bytes that were verified.
    ("sign", &["model", "text"]),
    ("record", &["model", "text"]),
    // Whether a definition can be used depends on the schemas beside it.
    ("definition", &["model", "schema"]),
    // A report of any size is held as what was read of it, and not as its text.
    ("project", &["model", "text", "import", "markdown", "sign", "record", "definition"]),
    (
        "decisions",
        &["model", "text", "schema", "markdown", "sign", "record", "definition", "project"],
    ),
    // What production does is judged by policy, runs, records and decisions.
    // An engine's report is judged like what is measured.
    ("rollout", &["model", "import", "record", "definition", "project", "decisions"]),
    (
        "derive",
        &[
            "model",
            "text",
            "import",
            "markdown",
            "record",
            "definition",
            "project",
            "decisions",
            "rollout",
        ],
    ),
    (
        "rules",
        &[
            "assets",
            "model",
            "text",
            "schema",
            "markdown",
            "sign",
            "record",
            "definition",
            "project",
            "decisions",
            "rollout",
            "derive",
        ],
    ),
    ("decide", &["model", "record", "definition", "project", "decisions", "rules"]),
    // A page for people draws what was sampled, and tells the ledger line by line; it is a template.
    (
        "render",
        &[
            "assets",
            "model",
            "text",
            "record",
            "definition",
            "project",
            "decisions",
            "derive",
            "rules",
            "decide",
        ],
    ),
    (
        "source",
        &["model", "assets", "text", "schema", "import", "sign", "record", "definition", "project"],
    ),
    ("bundle", &["model", "text", "schema", "source"]),
    ("write", &["model", "text", "source"]),
    ("collect", &["model", "schema", "markdown", "record", "definition", "project", "rules"]),
    // Trees are made of commits; what is brought in besides is digested.
    ("tree", &["model", "text", "collect"]),
    (
        "cli",
        &[
            "model",
            "assets",
            "env",
            "text",
            "schema",
            "markdown",
            "sign",
            "record",
            "definition",
            "project",
            "decisions",
            "rollout",
            "http",
            "derive",
            "rules",
            "decide",
            "render",
            "source",
            "bundle",
            "write",
            "collect",
            "derive",
            "import",
            "process",
            "tree",
        ],
    ),
];

/// Ways to the outside world, as paths begin.
const OUTSIDE: &[&[&str]] = &[
    &["std", "fs"],
    &["std", "net"],
    &["std", "env"],
    &["std", "process"],
    &["std", "thread"],
    &["std", "time", "Instant"],
    &["std", "time", "SystemTime"],
    &["jiff", "Timestamp", "now"],
    &["jiff", "Zoned", "now"],
    &["tempfile"],
    &["walkdir"],
    &["getrandom"],
    &["rustix"],
    &["signal_hook"],
    &["ureq"],
    &["rustls"],
];

/// Files that may use them; a name that ends with `/` stands for a directory.
const DOORS: &[&str] = &[
    "main.rs",
    "process/",
    "source/",
    "write/",
    "collect/git/",
    "collect/git.rs",
    "tree/",
    "http/",
    "cli/demo/",
];

/// Names that the crate's root gives to things of its modules.
fn module_of(name: &str) -> &str {
    match name {
        "Env" | "Exit" => "env",
        "run" => "cli",
        name => name,
    }
}

/// What one file uses.
#[derive(Debug, Default)]
struct Uses {
    /// Module path of what is being visited.
    module: Vec<String>,
    /// Modules of the crate's root.
    modules: BTreeSet<String>,
    /// Ways to the outside world.
    outside: BTreeSet<String>,
    /// What this checker cannot read.
    unreadable: Vec<String>,
}

impl Uses {
    fn of(module: &[&str], text: &str) -> Self {
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{module:?}: {error}"));
        let module = module.iter().map(|part| (*part).to_owned()).collect();
        let mut uses = Self { module, ..Self::default() };
        uses.visit_file(&file);
        uses
    }

    /// Notes a path, from its first segment.
    fn path(&mut self, segments: &[String]) {
        for outside in OUTSIDE {
            if segments.len() >= outside.len() && segments.iter().zip(*outside).all(|(a, b)| a == b)
            {
                self.outside.insert(outside.join("::"));
            }
        }
        let mut at = self.module.clone();
        let mut rest = segments;
        match rest.first().map(String::as_str) {
            Some("crate") => {
                at.clear();
                rest = &rest[1..];
            }
            Some("super" | "self") => {
                while let Some(step @ ("super" | "self")) = rest.first().map(String::as_str) {
                    if step == "super" {
                        at.pop();
                    }
                    rest = &rest[1..];
                }
            }
            _ => return,
        }
        if !at.is_empty() {
            return;
        }
        match rest.first().map(String::as_str) {
            Some("*") => self.unreadable.push("a glob of the crate's root".to_owned()),
            Some(name) => {
                self.modules.insert(module_of(name).to_owned());
            }
            None => {}
        }
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &mut Vec<String>) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.tree(&path.tree, before);
                before.pop();
            }
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.tree(item, before));
            }
            syn::UseTree::Name(name) => self.leaf(name.ident.to_string(), before),
            syn::UseTree::Rename(rename) => self.leaf(rename.ident.to_string(), before),
            syn::UseTree::Glob(_) => self.leaf("*".to_owned(), before),
        }
    }

    fn leaf(&mut self, name: String, before: &mut Vec<String>) {
        before.push(name);
        let segments: Vec<String> = before.clone();
        self.path(&segments);
        before.pop();
    }

    /// Paths in the tokens of a macro: `crate::x::y`, `std::x::y`, also after `$`.
    fn tokens(&mut self, text: &str) {
        let words: Vec<&str> = split(text);
        let mut index = 0;
        while index < words.len() {
            let mut segments = vec![words[index].to_owned()];
            while words.get(index + 1) == Some(&"::") && words.get(index + 2).is_some() {
                segments.push(words[index + 2].to_owned());
                index += 2;
            }
            if segments.len() > 1 {
                let grouped = segments.iter().any(|segment| segment == "{");
                if grouped && matches!(segments[0].as_str(), "crate" | "super" | "std") {
                    self.unreadable
                        .push(format!("write paths out in macros: {}", segments.join("::")));
                }
                self.path(&segments);
            }
            index += 1;
        }
    }
}

/// Names, `::` and single other characters; what stands in quotes is left out.
fn split(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if first == '"' {
            let closed = |(at, c): &(usize, char)| *c == '"' && !rest[..*at].ends_with('\\');
            rest.char_indices().skip(1).find(closed).map_or(rest.len(), |(at, _)| at + 1)
        } else if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() && first != '"' {
            words.push(&rest[..length]);
        }
        rest = &rest[length..];
    }
    words
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &mut Vec::new());
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> =
            path.segments.iter().map(|part| part.ident.to_string()).collect();
        self.path(&segments);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.tokens(&item.tokens.to_string());
        visit::visit_macro(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }
}

/// What is wrong with one file, whose path is given from `src`.
fn violations(path: &str, text: &str) -> Vec<String> {
    let stem = path.trim_end_matches(".rs").trim_end_matches("/mod");
    let module: Vec<&str> =
        stem.split('/').filter(|part| !matches!(*part, "lib" | "main" | "testing")).collect();
    let uses = Uses::of(&module, text);
    let mut wrong: Vec<String> =
        uses.unreadable.iter().map(|what| format!("{path}: {what}")).collect();
    if let Some(own) = module.first() {
        match LAYERS.iter().find(|(name, _)| name == own) {
            None => wrong.push(format!("{path}: `{own}` has no layer")),
            Some((_, allowed)) => {
                let other = uses.modules.iter().filter(|name| name.as_str() != *own);
                let forbidden = other.filter(|name| !allowed.contains(&name.as_str()));
                wrong
                    .extend(forbidden.map(|name| format!("{path}: `{own}` must not use `{name}`")));
            }
        }
    }
    let test = stem.ends_with("/tests");
    let door =
        DOORS.iter().any(|door| path == *door || door.ends_with('/') && path.starts_with(door));
    if !door && !test {
        wrong
            .extend(uses.outside.iter().map(|way| format!("{path}: only {DOORS:?} may use {way}")));
    }
    wrong
}

/// Every source file of the library: its path below `src`, and its text.
pub(crate) fn sources() -> BTreeMap<String, String> {
    fn walk(dir: &Path, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                into.push(path);
            }
        }
    }
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    walk(&src, &mut paths);
    let name = |path: &Path| path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn every_file_keeps_to_its_layer() {
    let sources = sources();
    assert!(sources.len() > 150, "the walk lost files: {}", sources.len());
    let wrong: Vec<String> =
        sources.iter().flat_map(|(path, text)| violations(path, text)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_layers_have_an_order() {
    for (index, (name, allowed)) in LAYERS.iter().enumerate() {
        for used in *allowed {
            let below = LAYERS[..index].iter().any(|(lower, _)| lower == used);
            assert!(below, "`{name}` may use `{used}`, which is not below it");
        }
    }
}

#[test]
fn no_layer_is_allowed_more_than_it_uses() {
    let mut used: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let sources = sources();
    for (path, text) in &sources {
        let stem = path.trim_end_matches(".rs").trim_end_matches("/mod");
        let module: Vec<&str> = stem.split('/').collect();
        used.entry(module[0]).or_default().extend(Uses::of(&module, text).modules);
    }
    let spare: Vec<String> = LAYERS
        .iter()
        .flat_map(|(name, allowed)| allowed.iter().map(move |other| (*name, *other)))
        .filter(|(name, other)| !used.get(name).is_some_and(|found| found.contains(*other)))
        .map(|(name, other)| format!("{name} never uses {other}"))
        .collect();
    assert!(spare.is_empty(), "{spare:#?}");
}

#[test]
fn a_planted_violation_is_found_wherever_it_hides() {
    let planted = [
        ("a use", "use crate::source::Root;"),
        ("a group", "use crate::{model::Stamp, source::{self, Root}};"),
        ("a renamed module", "use crate::source as harmless;"),
        ("a nested module", "mod inner { mod deep { use crate::source::Root; } }"),
        ("an expression", "fn f() { let _ = crate::source::Root::open(x); }"),
        ("a type", "struct S { root: Option<crate::source::Root> }"),
        ("a bound", "fn f<T: crate::source::Reads>(t: T) {}"),
        ("a macro call", "fn f() { println!(\"{}\", crate::source::Root::name()); }"),
        ("a macro definition", "macro_rules! m { () => { $crate::source::Root } }"),
        ("a function body", "fn f() { use crate::source::Root; }"),
        ("super", "use super::source::Root;"),
        ("super from within", "mod inner { use super::super::source::Root; }"),
        ("a re-export", "pub use crate::source::Root;"),
    ];
    for (what, text) in planted {
        let found = violations("rules/mod.rs", text);
        assert_eq!(found, ["rules/mod.rs: `rules` must not use `source`"], "{what}");
    }
    let deeper =
        violations("rules/support/window.rs", "use super::super::super::write::ChangeSet;");
    assert_eq!(deeper, ["rules/support/window.rs: `rules` must not use `write`"]);
    let root = violations("decide/mod.rs", "use crate::Env;");
    assert_eq!(root, ["decide/mod.rs: `decide` must not use `env`"]);
    assert_eq!(violations("fresh.rs", ""), ["fresh.rs: `fresh` has no layer"]);
    assert_eq!(violations("rules/mod.rs", "use crate::*;").len(), 1);
}

#[test]
fn a_planted_way_outside_is_found() {
    let planted = [
        "use std::fs;",
        "use std::{fs::File, path::Path};",
        "fn f() { let _ = std::process::id(); }",
        "fn f() { let _ = jiff::Timestamp::now(); }",
        "fn f() { write!(out, \"{:?}\", std::env::var(\"HOME\")); }",
        "use std::time::{Duration, Instant};",
    ];
    for text in planted {
        assert_eq!(violations("decide/gate.rs", text).len(), 1, "{text}");
        assert_eq!(violations("source/load.rs", text), [] as [&str; 0], "{text}");
    }
}

#[test]
fn what_is_allowed_is_not_a_violation() {
    let honest = "//! See [`crate::source`].
        use crate::model::Stamp;
        use super::Context;
        use std::time::Duration;
        /// Not a path: crate::write::ChangeSet.
        fn f() { let text = \"crate::source::Root\"; panic!(\"crate::cli::run and std::fs\"); }";
    assert_eq!(violations("rules/gl301_evidence_stale.rs", honest), [] as [&str; 0]);
}
