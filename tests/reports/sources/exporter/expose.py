"""Writes what an exporter of prometheus_client answers; `openmetrics` as argument picks that."""

import sys

from prometheus_client import CollectorRegistry, Counter, Enum, Gauge, Histogram, Info, Summary
from prometheus_client import exposition, openmetrics

registry = CollectorRegistry()
requests = Counter("http_requests", "Requests; with a \\ and a\nline", ["code", "path"], registry=registry)
requests.labels("200", "/a\\b").inc(1027)
requests.labels("500", 'say "☕"\n').inc(3, {"trace_id": "abc"})
Gauge("error_rate", "Share of failed requests", registry=registry).set(0.0029)
for name, value in [("nan", float("nan")), ("up", float("inf")), ("down", float("-inf")), ("big", 1e300)]:
    Gauge(f"odd_{name}", "A value that compares with nothing", registry=registry).set(value)
latency = Histogram("latency_seconds", "Latency", buckets=[0.1, 0.5], registry=registry)
for seconds in (0.05, 0.2, 7):
    latency.observe(seconds)
Summary("size_bytes", "Size", registry=registry).observe(512)
Info("build", "What is running", registry=registry).info({"version": "v2.0.0"})
Enum("state", "Where it is", states=["starting", "up"], registry=registry).state("up")
Gauge("http.server.duration", "A name beyond ASCII", ["a.b"], registry=registry).labels("x").set(2)

generate = openmetrics.exposition.generate_latest if "openmetrics" in sys.argv else exposition.generate_latest
sys.stdout.write(generate(registry).decode())
