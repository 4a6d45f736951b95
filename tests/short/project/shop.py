"""A small shop over HTTP. /order sells, /health says which version answers, /metrics is for Prometheus.

usage: VERSION=v1.0.0 shop.py PORT
"""

import http.server
import os
import sys
import threading
import time

VERSION = os.environ.get("VERSION", "unreleased")
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
lock = threading.Lock()
count = {"orders": 0, "requests": 0, "errors": 0}
buckets = [0] * (len(BOUNDS) + 1)


def price(pieces):
    """The price of some pieces, in cents; nothing is sold for less than nothing."""
    if pieces < 0:
        raise ValueError("nobody orders less than nothing")
    return pieces * 250


class Shop(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        begun = time.monotonic()
        if self.path == "/health":
            self.answer(f"healthy {VERSION}\n")
        elif self.path == "/metrics":
            self.answer(metrics())
        else:
            # The bank takes its time.
            time.sleep(0.06)
            self.answer(f"{price(2)}\n")
            self.counted(time.monotonic() - begun)

    def counted(self, seconds):
        with lock:
            count["orders"] += 1
            count["requests"] += 1
            buckets[sum(seconds > bound for bound in BOUNDS)] += 1

    def answer(self, text):
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def metrics():
    lines = []
    for name, value in count.items():
        lines += [f"# TYPE shop_{name}_total counter", f"shop_{name}_total {value}"]
    lines.append("# TYPE shop_request_seconds histogram")
    total = 0
    for bound, value in zip([*BOUNDS, "+Inf"], buckets):
        total += value
        lines.append(f'shop_request_seconds_bucket{{le="{bound}"}} {total}')
    lines += [f"shop_request_seconds_count {total}", "# TYPE process_cpu_seconds_total counter"]
    lines.append(f"process_cpu_seconds_total {time.process_time():.2f}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Shop)
    server.daemon_threads = True
    server.serve_forever()
