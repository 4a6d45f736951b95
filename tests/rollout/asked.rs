//! How the metric server is asked: who asks, over which way, and whom is trusted.

use super::server::{Says, Server};
use super::{CANARY, cleared_with, healthy, passed, records, refused};
use crate::common::World;

/// The same with more about the server.
fn with(source: &str, server: &Server) -> World {
    cleared_with(CANARY, server, |policy| {
        policy.replace("scrape: 1s,", &format!("scrape: 1s, {source},"))
    })
}

#[test]
fn whoever_asks_says_who_they_are_and_no_record_tells() {
    const TOKEN: &str = "t0ken-of-the-night";
    let server = Server::new(|query, moment| match query.starts_with("errors") {
        // Whatever it repeats of what it was told is masked.
        true => Says::Text("t0ken-of-the-night"),
        false => healthy(query, moment),
    });
    let source = "bearer: PROM_TOKEN, header: { name: X-Scope-OrgID, value: PROM_TENANT }";
    let world = with(source, &server);
    passed(&world.run(&["run", "deploy-production"]));
    let said = world.run(&["rollout", "run"]);
    assert!(said.all().contains("PROM_TOKEN is not set"), "{}", said.all());
    world.vars(&[("PROM_TOKEN", TOKEN), ("PROM_TENANT", "shop-eu")]);
    refused(&world.run(&["rollout", "run"]), "nobody can tell");
    let asked = server.asked();
    assert!(!asked.is_empty());
    for own in &asked {
        assert!(own.to_lowercase().contains(&format!("authorization: bearer {TOKEN}")), "{own}");
        assert!(own.to_lowercase().contains("x-scope-orgid: shop-eu"), "{own}");
    }
    let (path, _) = records(&world).remove(0);
    assert!(!world.read(&path).contains(TOKEN), "a secret is kept in {path}");
}

#[test]
fn a_user_asks_with_a_password() {
    let server = Server::new(healthy);
    let world = with("basic: { user: PROM_USER, password: PROM_PASSWORD }", &server);
    world.vars(&[("PROM_USER", "ana"), ("PROM_PASSWORD", "open sesame")]);
    passed(&world.run(&["rollout", "run"]));
    let asked = server.asked().remove(0).to_lowercase();
    assert!(asked.contains("authorization: basic yw5hom9wzw4gc2vzyw1l"), "{asked}");
}

#[test]
fn a_proxy_is_asked_where_the_policy_names_one() {
    let proxy = Server::new(healthy);
    let server = Server::new(healthy);
    let world = with(&format!("proxy: \"http://127.0.0.1:{}\"", proxy.port), &server);
    refused(&world.run(&["rollout", "run"]), "nobody can tell");
    assert!(server.asked().is_empty(), "it was asked past the proxy");
    assert!(!proxy.asked().is_empty());
}

#[test]
fn roots_are_those_of_the_release_and_not_of_the_work_tree() {
    let server = Server::new(healthy);
    let world = with("roots: ca.pem", &server);
    world.write("ca.pem", "whatever somebody laid there");
    refused(&world.run(&["rollout", "run"]), "the release's commit has no ca.pem");
}
