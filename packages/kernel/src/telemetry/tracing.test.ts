import { SpanStatusCode, trace } from '@opentelemetry/api'
import { afterEach, expect, it } from 'vitest'
import { withSpan } from './tracing.js'

type Recorded = { name: string; attributes: unknown; events: unknown[]; ended: number }
const spans: Recorded[] = []

/** As much of a tracer as a span of ours uses. */
function recordSpans(): void {
  const startActiveSpan = (
    name: string,
    { attributes }: { attributes: unknown },
    fn: (span: unknown) => unknown,
  ) => {
    const recorded: Recorded = { name, attributes, events: [], ended: 0 }
    spans.push(recorded)
    return fn({
      recordException: (error: unknown) => recorded.events.push(String(error)),
      setStatus: (status: unknown) => recorded.events.push(status),
      end: () => recorded.ended++,
    })
  }
  // The cast: a real provider needs the SDK, which we leave to the user.
  trace.setGlobalTracerProvider({ getTracer: () => ({ startActiveSpan }) } as never)
}

afterEach(() => {
  trace.disable()
  spans.length = 0
})

it('gives back what the function gives, with or without a set-up', async () => {
  expect(withSpan('a', {}, () => 1)).toBe(1)
  expect(await withSpan('b', {}, async () => 2)).toBe(2)
})

it('ends the span when the work ends', async () => {
  recordSpans()
  let finish = () => {}
  const work = withSpan('log.commit', { units: 3 }, () => new Promise<void>((resolve) => (finish = resolve)))
  expect(spans).toEqual([{ name: 'log.commit', attributes: { units: 3 }, events: [], ended: 0 }])

  finish()
  await work

  expect(spans[0]?.ended).toBe(1)
})

it('records what is thrown and throws it on', async () => {
  recordSpans()
  const error = new Error('broken')
  const failed = { events: ['Error: broken', { code: SpanStatusCode.ERROR }], ended: 1 }

  expect(() =>
    withSpan('sync', {}, () => {
      throw error
    }),
  ).toThrow(error)
  await expect(withSpan('async', {}, () => Promise.reject(error))).rejects.toBe(error)

  expect(spans).toMatchObject([failed, failed])
})
