//! What only Unix has stands behind `cfg(unix)`, and what a platform lacks is said there by another branch;
//! paths and ends of lines of another system are read as they are meant.

#![allow(clippy::unwrap_used, reason = "a source that cannot be read must fail loudly")]

use crate::common::World;
use crate::layers::sources;
use d3p::Exit;
use d3p::testing::schema;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};

/// Paths that no other system has, as they begin.
const UNIX_ONLY: &[&[&str]] = &[
    &["std", "os", "unix"],
    &["std", "os", "fd"],
    &["std", "os", "linux"],
    &["rustix"],
    &["libc"],
    &["nix"],
];
/// Of `signal_hook`, which is everywhere, the signals that are everywhere.
const SIGNALS: [&str; 2] = ["SIGINT", "SIGTERM"];

/// What an item says of the platforms that it is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    All,
    Unix,
    Others,
}

fn platform(attrs: &[syn::Attribute]) -> For {
    let mut out = For::All;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("cfg")) {
        let said = quote::quote!(#attr).to_string().replace(' ', "");
        if said.contains("not(unix)") {
            return For::Others;
        }
        if ["cfg(unix)", "cfg(all(test,unix))", "target_os=\"linux\""]
            .iter()
            .any(|own| said.contains(own))
        {
            out = For::Unix;
        }
    }
    out
}

/// What a file uses of Unix outside of what is for Unix, and the functions that it has for each.
#[derive(Default)]
struct Uses {
    unix: bool,
    found: Vec<String>,
    /// Modules that are declared for Unix alone.
    modules: Vec<String>,
    functions: BTreeMap<String, BTreeSet<&'static str>>,
}

impl Uses {
    fn within(&mut self, attrs: &[syn::Attribute], look: impl FnOnce(&mut Self)) {
        let before = self.unix;
        self.unix |= platform(attrs) == For::Unix;
        look(self);
        self.unix = before;
    }

    fn path(&mut self, parts: &[String]) {
        let begins = |own: &&&[&str]| {
            parts.iter().map(String::as_str).take(own.len()).eq(own.iter().copied())
        };
        let signal = parts.first().is_some_and(|own| own == "signal_hook")
            && parts
                .last()
                .is_some_and(|own| own.starts_with("SIG") && !SIGNALS.contains(&own.as_str()));
        if !self.unix && (signal || UNIX_ONLY.iter().any(|own| begins(&own))) {
            self.found.push(parts.join("::"));
        }
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &mut Vec<String>) {
        let length = before.len();
        match tree {
            syn::UseTree::Path(own) => {
                before.push(own.ident.to_string());
                self.tree(&own.tree, before);
            }
            syn::UseTree::Group(own) => own.items.iter().for_each(|tree| self.tree(tree, before)),
            syn::UseTree::Name(own) => {
                before.push(own.ident.to_string());
                self.path(before);
            }
            syn::UseTree::Rename(own) => {
                before.push(own.ident.to_string());
                self.path(before);
            }
            syn::UseTree::Glob(_) => self.path(before),
        }
        before.truncate(length);
    }
}

/// The attributes of whatever may stand in a file or a block.
fn attrs_of(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(own) => &own.attrs,
        syn::Item::Enum(own) => &own.attrs,
        syn::Item::Fn(own) => &own.attrs,
        syn::Item::Impl(own) => &own.attrs,
        syn::Item::Macro(own) => &own.attrs,
        syn::Item::Mod(own) => &own.attrs,
        syn::Item::Static(own) => &own.attrs,
        syn::Item::Struct(own) => &own.attrs,
        syn::Item::Trait(own) => &own.attrs,
        syn::Item::Type(own) => &own.attrs,
        syn::Item::Use(own) => &own.attrs,
        _ => &[],
    }
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attrs = attrs_of(item);
        match item {
            syn::Item::Mod(own) if own.content.is_none() && platform(attrs) == For::Unix => {
                self.modules.push(own.ident.to_string());
            }
            syn::Item::Fn(own) if platform(attrs) != For::All => {
                let kind = if platform(attrs) == For::Unix { "unix" } else { "others" };
                self.functions.entry(own.sig.ident.to_string()).or_default().insert(kind);
            }
            _ => {}
        }
        self.within(attrs, |own| visit::visit_item(own, item));
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &mut Vec::new());
    }

    fn visit_stmt(&mut self, stmt: &'ast syn::Stmt) {
        let attrs: &[syn::Attribute] = match stmt {
            syn::Stmt::Local(own) => &own.attrs,
            syn::Stmt::Expr(syn::Expr::Block(own), _) => &own.attrs,
            syn::Stmt::Expr(syn::Expr::If(own), _) => &own.attrs,
            syn::Stmt::Expr(syn::Expr::Return(own), _) => &own.attrs,
            syn::Stmt::Expr(syn::Expr::Call(own), _) => &own.attrs,
            syn::Stmt::Expr(syn::Expr::MethodCall(own), _) => &own.attrs,
            _ => &[],
        };
        self.within(attrs, |own| visit::visit_stmt(own, stmt));
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        self.within(&arm.attrs, |own| visit::visit_arm(own, arm));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
        self.path(&parts);
        visit::visit_path(self, path);
    }
}

fn uses(text: &str, unix: bool) -> Uses {
    let mut uses = Uses { unix, ..Uses::default() };
    uses.visit_file(&syn::parse_file(text).unwrap());
    uses
}

/// The files of a module that is declared in `path`.
fn files_of(path: &str, module: &str) -> [String; 2] {
    let dir = match path.rsplit_once('/') {
        Some((dir, "mod.rs")) => format!("{dir}/"),
        _ if ["lib.rs", "main.rs"].contains(&path) => String::new(),
        _ => format!("{}/", path.trim_end_matches(".rs")),
    };
    [format!("{dir}{module}.rs"), format!("{dir}{module}/")]
}

#[test]
fn what_only_unix_has_stands_behind_its_name() {
    let sources = sources();
    let mut of_unix: Vec<[String; 2]> = Vec::new();
    for (path, text) in &sources {
        of_unix.extend(uses(text, false).modules.iter().map(|module| files_of(path, module)));
    }
    assert!(of_unix.len() >= 3, "{of_unix:?}");
    let mut wrong = Vec::new();
    let mut looked = 0;
    for (path, text) in &sources {
        let all = of_unix.iter().any(|[file, dir]| path == file || path.starts_with(dir.as_str()));
        // Tests of a module may be for Unix as a whole, and say so where they are declared.
        let found = uses(text, all);
        wrong.extend(found.found.iter().map(|own| format!("{path}: {own}")));
        for (name, kinds) in found.functions.iter().filter(|_| !all) {
            looked += 1;
            let only_unix = !kinds.contains("others");
            let alone = only_unix && sources.values().any(|text| calls_everywhere(text, name));
            if alone {
                wrong.push(format!("{path}: fn {name} has no branch for other systems"));
            }
        }
    }
    assert!(looked >= 4, "{looked} functions");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether a text calls `name` outside of what is for Unix.
fn calls_everywhere(text: &str, name: &str) -> bool {
    struct Calls<'a>(&'a str, bool, bool);
    impl<'ast> Visit<'ast> for Calls<'_> {
        fn visit_item(&mut self, item: &'ast syn::Item) {
            let before = self.1;
            self.1 |= platform(attrs_of(item)) == For::Unix;
            visit::visit_item(self, item);
            self.1 = before;
        }
        fn visit_stmt(&mut self, stmt: &'ast syn::Stmt) {
            let text = quote::quote!(#stmt).to_string().replace(' ', "");
            if !text.starts_with("#[cfg(unix)]") {
                visit::visit_stmt(self, stmt);
            }
        }
        fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
            if let syn::Expr::Path(path) = &*call.func
                && path.path.segments.last().is_some_and(|own| own.ident == self.0)
            {
                self.2 |= !self.1;
            }
            visit::visit_expr_call(self, call);
        }
    }
    let mut calls = Calls(name, false, false);
    if text.contains(&format!("{name}(")) {
        calls.visit_file(&syn::parse_file(text).unwrap());
    }
    calls.2
}

#[test]
fn a_use_of_unix_that_is_not_behind_it_is_found() {
    for bad in [
        "use std::os::unix::fs::PermissionsExt as _;",
        "fn f() { rustix::process::setsid(); }",
        "fn f() { use std::os::fd::{AsFd, OwnedFd}; }",
        "use signal_hook::consts::{SIGINT, SIGHUP};",
        "fn f<T: std::os::fd::AsFd>(_: T) {}",
        "#[cfg(not(unix))] fn f() { rustix::process::setsid(); }",
        "#[cfg(test)] mod tests { use rustix::io::Errno; }",
    ] {
        assert!(!uses(bad, false).found.is_empty(), "{bad}");
    }
    for good in [
        "#[cfg(unix)] use std::os::unix::fs::PermissionsExt as _;",
        "fn f() { #[cfg(unix)] { rustix::process::setsid(); } }",
        "fn f() { #[cfg(unix)] let _ = rustix::process::setsid(); }",
        "#[cfg(target_os = \"linux\")] fn f() { use rustix::io::Errno; }",
        "use signal_hook::consts::{SIGINT, SIGTERM};",
        "use std::os; fn unix() {}",
    ] {
        assert!(uses(good, false).found.is_empty(), "{good}: {:?}", uses(good, false).found);
    }
    assert!(calls_everywhere("fn f() { g(); }", "g"));
    assert!(!calls_everywhere("#[cfg(unix)] fn f() { g(); }", "g"));
}

const PLAN: &str = "d3p/phase-9-deployment-golive/phase9_deployment_plan.md";
const MANIFEST: &str = ".artifacts/deployment/release-manifest.md";

/// An editor of another system may write other ends of lines; what they say is the same. Behind a gate
/// every byte counts, and `.gitattributes` keeps git from changing any.
#[test]
fn documents_and_policy_with_other_ends_of_lines_say_the_same() {
    let world = World::played_until(&["record", "deployment-readiness-checklist"]);
    for path in [PLAN, MANIFEST, "d3p.yaml"] {
        let text = world.read(path);
        assert!(!text.contains('\r'), "{path}");
        world.write(path, text.replace('\n', "\r\n"));
    }
    world.run(&["record", "deployment-readiness-checklist"]);
    let said = world.run(&["gate", "readiness"]);
    assert_eq!(said.exit, Exit::Passed, "{}", said.all());
    assert!(world.read(".gitattributes").contains("-text"));
    world.write(PLAN, world.read(PLAN).replace("\r\n", "\n"));
    let said = world.run(&["check"]);
    assert!(said.all().contains("has changed since gate readiness"), "{}", said.all());
}

/// What a policy names is a path with `/`, on every system, and never one that leads out.
#[test]
fn paths_of_another_system_are_refused_and_not_guessed() {
    let faults = |path: &str| {
        let policy = json!({ "prerequisites": { "uat-plan": { "path": path } } });
        let faults = schema::validate("d3p", &policy).unwrap();
        faults.into_iter().filter(|own| own.pointer == "/prerequisites/uat-plan/path").count()
    };
    assert_eq!(faults("docs/uat.json"), 0);
    let hostile = [
        "..\\secret.json",
        "docs\\uat.json",
        "C:\\secret.json",
        "\\\\server\\share.json",
        "C:/secret.json",
        "../secret.json",
    ];
    for path in hostile {
        assert_eq!(faults(path), 1, "{path}");
    }
}
