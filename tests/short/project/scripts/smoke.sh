#!/bin/sh
# Does the shop of ENV sell? usage: scripts/smoke.sh ENV REPORT
set -eu
. "config/$1.env"
mkdir -p reports
SHOP=$URL python3 -B -m pytest -q -p no:cacheprovider smoke --junit-xml="$2"
