import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually, fakeClock, fakeIds } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { toNodeListener } from './node-listener.js'
import { encodeSse, type SseEvent, type SseOptions, type SseSource, sseResponse } from './sse.js'

/** A source in the test's hands. */
function scripted() {
  const seen = { asked: 0, isEnded: false, signal: undefined as AbortSignal | undefined }
  const waiting: ((event: SseEvent | undefined) => void)[] = []
  const source: SseSource = (signal) => {
    seen.signal = signal
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          seen.asked++
          const value = await new Promise<SseEvent | undefined>((resolve) => waiting.push(resolve))
          return value ? { done: false, value } : { done: true, value: undefined }
        },
        return: async () => {
          seen.isEnded = true
          return { done: true, value: undefined }
        },
      }),
    }
  }
  const give = (event: SseEvent | undefined) =>
    eventually(() => {
      const next = waiting.shift()
      next?.(event)
      return next !== undefined
    })
  return { source, seen, give }
}

function open(source: SseSource, options: Partial<SseOptions> = {}) {
  const clock = fakeClock()
  const response = sseResponse(source, { clock, heartbeatMs: 15_000, ...options })
  const reader = response.body!.getReader()
  const read = async () => {
    const { done, value } = await reader.read()
    return done ? undefined : new TextDecoder().decode(value)
  }
  return { clock, response, reader, read }
}

describe('server-sent events', () => {
  it.each([
    [{ id: '7', event: 'message', data: '{"a":1}' }, 'id: 7\nevent: message\ndata: {"a":1}\n\n'],
    [{ data: 'two\nlines\r\nthree\rfour' }, 'data: two\ndata: lines\ndata: three\ndata: four\n\n'],
    [{ data: '' }, 'data: \n\n'],
    [{ id: '8\ndata: forged', data: 'x' }, 'id: 8 data: forged\ndata: x\n\n'],
  ])('are encoded, %j, and no value can forge a field', (event, text) => {
    expect(encodeSse(event)).toBe(text)
  })

  it('come with headers that keep proxies from holding them back', () => {
    const { response } = open(scripted().source, { extraHeaders: { 'x-stream': 'room' } })

    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      'x-stream': 'room',
    })
  })

  it('are asked for one at a time, as the client takes them', async () => {
    const { source, seen, give } = scripted()
    const { read } = open(source)

    await give({ data: 'first' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen.asked).toBe(1)

    expect(await read()).toBe('data: first\n\n')
    await eventually(() => seen.asked === 2)
  })

  it('are kept alive by comments while nothing happens', async () => {
    const { source, give } = scripted()
    const { clock, read, reader } = open(source)

    await clock.advance(15_000)
    expect(await read()).toBe(': \n\n')
    await give({ data: 'x' })
    expect(await read()).toBe('data: x\n\n')
    await reader.cancel()

    expect(clock.pending).toBe(0)
  })

  it('do not pile up comments for a client that does not read', async () => {
    const { clock, read } = open(scripted().source)

    await clock.advance(150_000)
    expect(await read()).toBe(': \n\n')
    const next = read()
    await clock.advance(15_000)

    expect(await next).toBe(': \n\n')
  })

  it('end with their source', async () => {
    const { source, give } = scripted()
    const { clock, read } = open(source)

    await give(undefined)

    expect(await read()).toBeUndefined()
    expect(clock.pending).toBe(0)
  })

  it('end their source when the reader cancels, also while it waits', async () => {
    const { source, seen } = scripted()
    const { reader } = open(source)
    await eventually(() => seen.asked === 1)

    await reader.cancel()

    expect(seen).toMatchObject({ isEnded: true, signal: { aborted: true } })
  })

  it('end when the server says so, before or after the start', async () => {
    const stopping = new AbortController()
    const running = open(scripted().source, { signal: stopping.signal })
    stopping.abort()
    expect(await running.read()).toBeUndefined()

    const late = scripted()
    expect(await open(late.source, { signal: stopping.signal }).read()).toBeUndefined()
    expect(late.seen.isEnded).toBe(true)
  })

  it('hide a fault of the source and end', async () => {
    const faults: unknown[] = []
    async function* broken(): AsyncIterable<SseEvent> {
      yield { data: 'one' }
      throw new Error('secret detail')
    }
    const { read } = open(broken, { onFault: (error) => void faults.push(error) })

    expect(await read()).toBe('data: one\n\n')
    expect(await read()).toBeUndefined()
    expect(faults.map(String)).toEqual(['Error: secret detail'])
  })

  it('end their source when a real client disconnects', async () => {
    const { source, seen, give } = scripted()
    const listener = toNodeListener(() => sseResponse(source, { clock: fakeClock() }), { ids: fakeIds() })
    const server = createServer((request, response) => void listener(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    let text = ''
    const request = get({ port, host: '127.0.0.1' }, (response) => {
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('error', () => {})
    })
    request.on('error', () => {})
    await give({ data: 'hello' })
    await eventually(() => text.includes('data: hello'))

    request.destroy()

    await eventually(() => seen.isEnded && seen.signal?.aborted)
    await new Promise((resolve) => server.close(resolve))
  })
})
