//! Lines that are markers, that are none, and that look like one.

use super::{Markers, ServiceStatus};

fn malformed(line: &str) -> bool {
    let markers = Markers::read(line);
    let others = Markers { malformed: Vec::new(), ..markers.clone() };
    assert_eq!(others, Markers::default(), "{line:?}");
    !markers.malformed.is_empty()
}

#[test]
fn reads_all_kinds() {
    let markers = Markers::read(
        "deploying\n::service web=unhealthy\r\n::service api=healthy v1.4.0\n\
         ::critical disk full\n::incident  rolled one pod  \n::metric latency_p99=180ms\n\
         ::metric error_rate= 0.2 %\n::observation calm\n::service web=healthy\n\
         ::metric error_rate=0.2 %\n::observation still calm\n::group::Deploy\nx ::critical no\n",
    );
    let services: Vec<_> = markers
        .services
        .iter()
        .map(|service| (service.name.as_str(), service.status, service.version.as_deref()))
        .collect();
    let expected =
        [("api", ServiceStatus::Healthy, Some("v1.4.0")), ("web", ServiceStatus::Healthy, None)];
    assert_eq!(services, expected);
    assert_eq!(markers.critical, ["disk full"]);
    assert_eq!(markers.incidents, ["rolled one pod"]);
    let metric = |name: &str, quantity: &str| (name.to_owned(), quantity.to_owned());
    assert_eq!(markers.metrics, [metric("error_rate", "0.2 %"), metric("latency_p99", "180ms")]);
    assert_eq!(markers.observation.as_deref(), Some("calm; still calm"));
    assert_eq!(markers.malformed, []);
}

#[test]
fn a_metric_with_two_values_has_none() {
    let markers = Markers::read("::metric a=1\n::metric b=2\n::metric a=3\n");
    assert_eq!(markers.metrics, [("b".to_owned(), "2".to_owned())]);
    assert_eq!(markers.malformed, [(0, "::metric a is told twice: 1 and 3".to_owned())]);
}

#[test]
fn nothing_that_means_to_be_a_marker_is_lost() {
    for line in [
        "::service",
        "::service ",
        "::service api",
        "::service api=ok",
        "::service api=Healthy",
        "::service API=healthy",
        "::service =healthy",
        "::service api=healthy v1 v2",
        "::service:api=healthy",
        "::Service api=healthy",
        "::critical",
        "::critical::disk full",
        "::metric a",
        "::metric a=fast",
        "::metric a=NaN",
        "::metric A=1",
        "::metric =1",
        "::incident\t",
        "::observation",
        "::critical \u{1b}[31mred\u{1b}[0m",
        "\u{1b}[1;31m::critical red",
        "\u{1b}[32m\u{1b}[1m::service api=healthy",
        "::critical over\rwritten",
    ] {
        assert!(malformed(line), "{line:?}");
    }
    let markers = Markers::read("a\n\n::service api\n");
    assert_eq!(markers.malformed, [(3, "expected NAME=STATUS: `::service api`".to_owned())]);
}

#[test]
fn other_lines_are_not_markers() {
    for line in [
        "",
        "::",
        "::group::x",
        "::services api=healthy",
        "::metric-set a=1",
        "::error file=a::b",
        " ::service api",
        ":service api",
        "::critically bad",
        "::",
        "\u{1b}[31mplain",
        "\u{1b}[",
    ] {
        assert!(!malformed(line), "{line:?}");
    }
}
