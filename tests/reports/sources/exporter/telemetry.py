"""Writes what the exporter of OpenTelemetry for Prometheus answers."""

import sys

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.resources import Resource
from prometheus_client import REGISTRY
from prometheus_client.exposition import generate_latest

for own in list(REGISTRY._collector_to_names):
    REGISTRY.unregister(own)
reader = PrometheusMetricReader()
provider = MeterProvider([reader], Resource({"service.name": "shop", "service.version": "2.0.0"}))
meter = provider.get_meter("shop", "1.2.3")
requests = meter.create_counter("http.server.requests", unit="1", description='Requests of "all" kinds')
requests.add(1027, {"http.response.status_code": 200, "url.path": "/a\\b"})
requests.add(3, {"http.response.status_code": 500, "url.path": 'say "☕"'})
latency = meter.create_histogram("http.server.request.duration", unit="ms", description="Latency")
for milliseconds in (5, 20, 700):
    latency.record(milliseconds)
meter.create_up_down_counter("queue.depth", unit="{messages}").add(-2)
sys.stdout.write(generate_latest(REGISTRY).decode())
