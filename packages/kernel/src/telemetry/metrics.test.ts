import { expect, it } from 'vitest'
import { createMetrics } from './metrics.js'

it('renders counters, gauges and histograms', async () => {
  const metrics = createMetrics()
  const requests = metrics.counter({ name: 'requests_total', help: 'Requests.', labels: ['plane'] })
  metrics.gauge({ name: 'sockets', help: 'Open sockets.', collect: () => 7 })
  const duration = metrics.histogram({ name: 'commit_seconds', help: 'Commits.', buckets: [0.1, 1] })

  requests.inc({ plane: 'relay' }, 2)
  duration.observe(0.5)

  const { body, contentType } = await metrics.render()
  expect(contentType).toContain('text/plain')
  expect(body).toContain('parley_requests_total{plane="relay"} 2')
  expect(body).toContain('parley_sockets 7')
  expect(body).toContain('parley_commit_seconds_bucket{le="1"} 1')
})

it('gives the same metric for the same name', () => {
  const metrics = createMetrics()
  const spec = { name: 'events_total', help: 'Events.' }

  expect(metrics.counter(spec)).toBe(metrics.counter(spec))
})

it('keeps two servers of one process apart', async () => {
  const first = createMetrics()
  const second = createMetrics({ prefix: 'other_' })
  first.counter({ name: 'events_total', help: 'Events.' }).inc()
  second.counter({ name: 'events_total', help: 'Events.' })

  expect((await first.render()).body).toContain('parley_events_total 1')
  expect((await second.render()).body).toContain('other_events_total 0')
})

it('adds the process’s own figures when asked', async () => {
  expect((await createMetrics({ process: true }).render()).body).toContain(
    'parley_process_cpu_user_seconds_total',
  )
})
