// What every bus promises, as tests. Each bus runs them between two nodes of its own.
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Bus, Head } from './port.js'

/** Two nodes that hear each other, with the machine's own clock. */
export type BusPair = { a: Bus; b: Bus; close(): Promise<void> }
export type BusSubject = { open(): Promise<BusPair> }

/** Runs the bus's cases between two nodes. */
export function busConformance(name: string, subject: BusSubject): void {
  describe(`${name} keeps the bus's promises`, () => {
    const open = async () => {
      const pair = await subject.open()
      onTestFinished(() => pair.close())
      await Promise.all([pair.a.ready(), pair.b.ready()])
      return pair
    }
    for (const [title, run] of Object.entries({
      ...hintCases,
      ...signalCases,
      ...requestCases,
      ...lifeCases,
    }))
      test(title, async () => run(await open()))
  })
}

type Case = (pair: BusPair) => Promise<void>

const hintCases: Record<string, Case> = {
  'hints reach the other node and not their own': async ({ a, b }) => {
    const [own, other] = [heads(a), heads(b)]

    a.moved([
      { stream: 'x:1', seq: 3 },
      { stream: 'x:2', seq: 7 },
    ])
    await passed(a, b)

    expect(other).toEqual([
      { stream: 'x:1', seq: 3 },
      { stream: 'x:2', seq: 7 },
    ])
    expect(own).toEqual([])
  },

  'of many hints about a stream the newest arrives, and no older one after it': async ({ a, b }) => {
    const heard = heads(b)

    for (let seq = 1; seq <= 500; seq++) a.moved([{ stream: 'x:1', seq }])
    await passed(a, b)

    const seqs = heard.map(({ seq }) => seq)
    expect(seqs.at(-1)).toBe(500)
    expect(seqs).toEqual(seqs.toSorted((one, two) => one - two))
  },

  'that a stream was dropped is told, and what it began anew after it': async ({ a, b }) => {
    const heard = heads(b)

    for (const seq of [4, 0, 1, 2]) a.moved([{ stream: 'x:1', seq }])
    await passed(a, b)

    const seqs = heard.map(({ seq }) => seq)
    expect(seqs.slice(seqs.indexOf(0)).at(-1)).toBe(2)
    expect(seqs).toContain(0)
  },

  'hints about thousands of streams at once arrive': async ({ a, b }) => {
    const heard = heads(b)
    const sent = Array.from({ length: 3_000 }, (_, n) => ({
      stream: `thread:${'é'.repeat(n % 40)}${n}`,
      seq: n + 1,
    }))

    a.moved(sent)
    await passed(a, b)

    expect(heard).toEqual(sent)
  },
}

const signalCases: Record<string, Case> = {
  'signals arrive in order, equal ones as often as they were sent': async ({ a, b }) => {
    const heard = signals(b)

    for (const payload of ['1', 'same', 'same', '2']) a.signal('x:1', payload)
    await passed(a, b)

    expect(heard).toEqual([
      ['x:1', '1'],
      ['x:1', 'same'],
      ['x:1', 'same'],
      ['x:1', '2'],
    ])
  },

  'a signal of 256 KiB arrives character by character, a larger one is refused': async ({ a, b }) => {
    const heard = signals(b)
    const odd = '😀é\u2028"\\\n\u0000\ud800'
    const fits = odd + 'ü😀x'.repeat(37_000)

    a.signal('x:1', fits)
    await passed(a, b)

    expect(heard).toEqual([['x:1', fits]])
    expect(() => a.signal('x:1', 'é'.repeat(131_073))).toThrow(
      expect.objectContaining({ code: 'kernel.body_too_large' }),
    )
  },

  'a listener that throws disturbs nobody, and a stopped one hears nothing': async ({ a, b }) => {
    const stopped = vi.fn()
    b.onSignal(() => {
      throw new Error('a listener failed')
    })
    const stop = b.onSignal(stopped)
    const heard = signals(b)

    stop()
    stop()
    a.signal('x:1', 'news')
    await passed(a, b)

    expect(heard).toEqual([['x:1', 'news']])
    expect(stopped).not.toHaveBeenCalled()
  },
}

const requestCases: Record<string, Case> = {
  'a question is answered, in both directions and to oneself': async ({ a, b }) => {
    a.serve('echo', async (message, from) => `a heard ${message} from ${from}`)
    b.serve('echo', async (message, from) => `b heard ${message} from ${from}`)

    const answers = await Promise.all([
      a.request(b.node, 'echo', '1'),
      b.request(a.node, 'echo', '2'),
      a.request(a.node, 'echo', '3'),
    ])

    expect(answers).toEqual([
      `b heard 1 from ${a.node}`,
      `a heard 2 from ${b.node}`,
      `a heard 3 from ${a.node}`,
    ])
  },

  'many questions at once get each its own answer, however late it is': async ({ a, b }) => {
    const waiting: (() => void)[] = []
    b.serve('late', (message) => new Promise((resolve) => waiting.push(() => resolve(message))))

    const answers = Array.from({ length: 100 }, (_, n) => a.request(b.node, 'late', String(n)))
    await expect.poll(() => waiting.length).toBe(100)
    for (const answer of waiting.reverse()) answer()

    expect(await Promise.all(answers)).toEqual(Array.from({ length: 100 }, (_, n) => String(n)))
  },

  'long questions and answers pass': async ({ a, b }) => {
    b.serve('twice', async (message) => message + message)
    const long = 'ö😀-'.repeat(50_000)

    expect(await a.request(b.node, 'twice', long)).toBe(long + long)
  },

  'a handler that throws, and a topic that nobody serves, are refusals': async ({ a, b }) => {
    b.serve('broken', async () => {
      throw new Error('a secret of this node')
    })

    const refusals = await Promise.all(
      ['broken', 'unknown'].map((topic) => a.request(b.node, topic, '').catch((error: unknown) => error)),
    )

    expect(refusals).toMatchObject([{ code: 'kernel.request_refused' }, { code: 'kernel.request_refused' }])
    expect(JSON.stringify(refusals)).not.toContain('secret')
  },

  'a question that nobody answers in time is given up': async ({ a, b }) => {
    b.serve('silent', () => new Promise(() => {}))

    const asked = [
      a.request(b.node, 'silent', '', { timeoutMs: 20 }),
      a.request('nowhere', 'x', '', { timeoutMs: 20 }),
    ]

    for (const answer of asked)
      await expect(answer).rejects.toMatchObject({ code: 'kernel.request_timed_out' })
  },

  'a topic has one handler, and another once it was stopped': async ({ a, b }) => {
    const stop = b.serve('topic', async () => 'first')

    expect(() => b.serve('topic', async () => 'second')).toThrow(/topic/)
    stop()
    b.serve('topic', async () => 'third')
    stop()

    expect(await a.request(b.node, 'topic', '')).toBe('third')
  },
}

const lifeCases: Record<string, Case> = {
  'closing rejects what is pending, and what comes after it is harmless': async ({ a, b }) => {
    b.serve('silent', () => new Promise(() => {}))
    const heard = signals(b)
    const pending = a.request(b.node, 'silent', '').catch((error: unknown) => error)

    await a.close()
    await a.close()
    a.moved([{ stream: 'x:1', seq: 1 }])
    a.signal('x:1', 'late')

    expect(await pending).toMatchObject({ code: 'kernel.closed' })
    await expect(a.request(b.node, 'silent', '')).rejects.toMatchObject({ code: 'kernel.closed' })
    expect(heard).toEqual([])
  },
}

function heads(bus: Bus): Head[] {
  const heard: Head[] = []
  bus.onMoved((moved) => heard.push(...moved))
  return heard
}

function signals(bus: Bus): [string, string][] {
  const heard: [string, string][] = []
  bus.onSignal((stream, payload) => heard.push([stream, payload]))
  return heard
}

/** Resolves when everything that `from` has said before was heard by `to`: messages keep their order. */
async function passed(from: Bus, to: Bus): Promise<void> {
  const stop = to.serve('conformance.passed', async () => '')
  await from.request(to.node, 'conformance.passed', '')
  stop()
}
