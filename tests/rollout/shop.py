"""A small shop in two versions behind one address, with real requests and metrics for Prometheus.

usage: shop.py PORT OLD NEW

GET /order/VERSION answers 200, or 500 as often as was said; GET /health/SERVICE says whether it is
up; GET /set?weight=25&errors=0.5&down=1 changes how much of the traffic the new version gets, how
many of its answers are errors, and whether it is down; GET /metrics is what Prometheus scrapes.
Customers order all the time, by themselves.
"""

import http.client
import http.server
import sys
import threading
import time
import urllib.parse

port, old, new = int(sys.argv[1]), sys.argv[2], sys.argv[3]
lock = threading.Lock()
said = {"weight": 0.0, "errors": 0.0, "down": 0.0, "slow": 1.0}
requests = {old: 0, new: 0}
errors = {old: 0, new: 0}
seconds = {old: 0.0, new: 0.0}


class Shop(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path.startswith("/order/"):
            self.order(path.removeprefix("/order/"))
        elif path.startswith("/health/"):
            self.answer(503 if said["down"] else 200, "")
        elif path == "/set":
            said.update({key: float(value) for key, value in urllib.parse.parse_qsl(query)})
            self.answer(200, f"{said}\n")
        elif path == "/metrics":
            self.answer(200, metrics())
        else:
            self.answer(404, "")

    def order(self, version):
        with lock:
            requests[version] += 1
            # What an order takes is said, not measured: the machine of a test has other things to do.
            seconds[version] += 0.02 * (said["slow"] if version == new else 1.0)
            fails = version == new and requests[version] * said["errors"] % 1.0 + said["errors"] >= 1.0
            errors[version] += fails
        self.answer(500 if fails else 200, "")

    def answer(self, status, body):
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def metrics():
    lines = []
    for name, values in (
        ("shop_requests_total", requests),
        ("shop_errors_total", errors),
        ("shop_seconds_total", seconds),
    ):
        lines.append(f"# TYPE {name} counter")
        lines += [f'{name}{{version="{version}"}} {value}' for version, value in values.items()]
    return "\n".join(lines) + "\n"


def customers():
    """Some twenty orders a second, of which the new version gets its share."""
    shop, given = None, 0.0
    while True:
        given += said["weight"] / 100
        version = new if given >= 1.0 else old
        given -= version == new
        try:
            shop = shop or http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            shop.request("GET", f"/order/{version}")
            shop.getresponse().read()
        except OSError:
            shop = None
        time.sleep(0.04)


server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Shop)
server.daemon_threads = True
threading.Thread(target=customers, daemon=True).start()
# It stops by itself, whatever became of who started it.
threading.Timer(600, server.shutdown).start()
server.serve_forever()
