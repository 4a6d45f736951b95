#!/bin/sh
# One sample of production: what the dashboards would say. The figures vary with the run's id.
set -eu
answered=0
for service in api web; do
  [ "$(sh "services/$service/main.sh")" = "$service" ] && answered=$((answered + 1))
done
vary=$((0x$(echo "$D3P_RUN" | cut -c1-6) % 400))
echo "::metric error_rate=$(((2 - answered) * 50)).$((100 + vary))%"
echo "::metric latency_p99=$((160 + vary / 10)).${vary}ms"
echo "::metric cpu=$((30 + vary / 20))%"
echo "::observation $answered of 2 services answer, nothing new in the error log"
