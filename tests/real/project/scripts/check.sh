#!/bin/bash
set -eu
mkdir -p reports
python3 -B -m pytest -q -p no:cacheprovider tests --junit-xml=reports/smoke.xml
