// Writes what an exporter of prom-client answers.
const { Counter, Gauge, Histogram, register } = require('prom-client')
const requests = new Counter({ name: 'http_requests_total', help: 'Requests \\ and\nlines', labelNames: ['code'] })
requests.inc({ code: '200' }, 1027)
requests.inc({ code: 'say "☕" \\\n' }, 3)
new Gauge({ name: 'error_rate', help: 'Share' }).set(0.0029)
new Gauge({ name: 'nothing', help: 'No number' }).set(NaN)
new Histogram({ name: 'latency_seconds', help: 'Latency', buckets: [0.1, 0.5] }).observe(0.2)
register.metrics().then((text) => process.stdout.write(text))
