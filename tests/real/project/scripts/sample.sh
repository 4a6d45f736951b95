#!/bin/bash
set -eu
vary=$((0x${D3P_RUN:0:6} % 400))
echo "::metric error_rate=0.$((100 + vary))%"
echo "::metric latency_p99=$((160 + vary / 10)).${vary}ms"
echo "::metric cpu=$((30 + vary / 20))%"
echo "::observation quiet"
