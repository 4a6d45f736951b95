"""Orders a hundred times, and says how long that took: measure.py URL"""

import json
import sys
import time
import urllib.request

took = []
for _ in range(100):
    begun = time.monotonic()
    urllib.request.urlopen(sys.argv[1] + "/order", timeout=5).read()
    took.append((time.monotonic() - begun) * 1000)
took.sort()
p99 = {"name": "order_p99", "unit": "ms", "value": round(took[98], 1)}
print(json.dumps({"metrics": [p99]}))
