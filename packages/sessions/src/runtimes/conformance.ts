import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Runtime, WireEvent } from '../protocol/index.js'

/** A runtime that is ready to start sessions, and how to look at what happens in them. */
export type RuntimeSubject = {
  runtime: Runtime
  /** Name of an instance that may be started; `onlyOne` runtimes have theirs. */
  instance: string
  /** A program that knows the words of the demo agent, as far as the cases use them. */
  spawn: { command: string; args: string[] }
  /** Absolute directory. */
  workspace: string
  /** All events of a session so far, in order. */
  events(sessionId: string): Promise<readonly WireEvent[]>
  close(): Promise<void>
}

export type RuntimeFeatures = {
  /** Busy sessions queue prompts. Default true. */
  hasQueue?: boolean
}

/** Words of the agent that the cases use: `echo TEXT`, `ask`. */
type Opened = Awaited<ReturnType<typeof openSubject>>

/** The promises of the contract's `Runtime` (sections 4 and 14.2). Run it for every runtime there is. */
export function runtimeConformance(
  name: string,
  open: () => Promise<RuntimeSubject>,
  { hasQueue = true }: RuntimeFeatures = {},
): void {
  describe(`${name} keeps the promises of a runtime`, () => {
    it('starts a session, which is idle and there to be found again', async () => {
      const { runtime, start, call } = await openSubject(open)

      const { id, answer } = await start()

      expect(answer.status).toBe(200)
      expect(answer.body).toMatchObject({ sessionId: id, acpSessionId: expect.stringMatching(/./) })
      expect(await call(id, 'GET', '/health')).toMatchObject({
        status: 200,
        body: { status: 'idle', sessionId: id },
      })
      if (runtime.reconnect) {
        const meta = runtime.getRuntimeMeta?.(id) ?? null
        expect(await runtime.reconnect(id, meta)).toBe(true)
        expect(await runtime.reconnect(randomUUID(), meta)).toBe(false)
      }
    })

    it('refuses to start a session that runs, and the running one is unharmed', async () => {
      const { start, startAs, call } = await openSubject(open)
      const { id } = await start()

      expect((await startAs(id)).status).toBeGreaterThanOrEqual(400)
      expect((await call(id, 'GET', '/health')).status).toBe(200)
    })

    it('runs a turn: the prompt, the updates and the answer, in order', async () => {
      const { start, prompt, turns } = await openSubject(open)
      const { id } = await start()

      await prompt(id, 'echo hello')
      const { stopReason, methods } = await turns(id, 1)

      expect(stopReason).toBe('end_turn')
      const of = ['session/prompt request', 'session/update notification', 'session/prompt response']
      expect([...new Set(methods.filter((one) => of.includes(one)))]).toEqual(of)
    })

    it('refuses a prompt without text, and one for a session that is not there', async () => {
      const { start, call } = await openSubject(open)
      const { id } = await start()

      expect((await call(id, 'POST', '/prompt', {})).status).toBe(400)
      expect([400, 404]).toContain((await call(randomUUID(), 'POST', '/prompt', { text: 'x' })).status)
      expect((await call(randomUUID(), 'GET', '/health')).status).toBe(404)
    })

    it('asks for leave and takes the first answer alone', async () => {
      const subject = await openSubject(open)
      const { call, turns, until } = subject
      const { id, requestId, over } = await asking(subject)

      expect((await call(id, 'GET', '/health')).body).toMatchObject({ status: 'running' })
      const answers = [
        await call(id, 'POST', `/permissions/${requestId}`, { optionId: await firstOption(subject, id) }),
        await call(id, 'POST', `/permissions/${requestId}`, { outcome: 'cancelled' }),
      ]

      expect(answers.map(({ status }) => status)).toEqual([200, 404])
      await over
      expect((await turns(id, 1)).stopReason).toBe('end_turn')
      await until(id, 'permission_approved')
    })

    if (hasQueue)
      it('queues prompts while a turn runs, drops one, and runs the others in order', async () => {
        const subject = await openSubject(open)
        const { call, turns, prompt } = subject
        const { id, requestId, over } = await asking(subject)

        const queued = [
          await prompt(id, 'echo one'),
          await prompt(id, 'echo two'),
          await prompt(id, 'echo three'),
        ]
        const dropped = await call(id, 'DELETE', `/queue/${queued[1]!.body.queueId}`)
        const again = await call(id, 'DELETE', `/queue/${queued[1]!.body.queueId}`)
        const state = (await call(id, 'GET', '/queue')).body
        await call(id, 'POST', `/permissions/${requestId}`, { outcome: 'cancelled' })
        await over
        const { prompts } = await turns(id, 3)

        expect(queued.map(({ status, body }) => [status, body.queued, body.position])).toEqual([
          [202, true, 0],
          [202, true, 1],
          [202, true, 2],
        ])
        expect([dropped.status, again.status]).toEqual([200, 404])
        expect(state).toMatchObject({ processing: true, paused: false, size: 2 })
        expect(
          state.items.map(({ text, position }: { text: string; position: number }) => [text, position]),
        ).toEqual([
          ['echo one', 0],
          ['echo three', 1],
        ])
        expect(prompts.slice(1)).toEqual(['echo one', 'echo three'])
      })

    it('ends a session, also in the middle of a turn, and one that is not there', async () => {
      const subject = await openSubject(open)
      const { call, until } = subject
      const { id, over } = await asking(subject)

      expect((await call(id, 'POST', '/terminate')).status).toBe(200)
      await over
      await until(id, 'session.terminated')

      await eventually(async () => (await call(id, 'GET', '/health')).status === 404)
      expect((await call(randomUUID(), 'POST', '/terminate')).status).toBe(200)
    })

    it('takes its instance through the states it knows', async () => {
      const { runtime, instance, start, call } = await openSubject(open)
      const status = () => runtime.getInstanceStatus?.(instance)
      if (!runtime.getInstanceStatus) return
      expect(await status()).toBe('running')
      const { id } = await start()
      if (runtime.pause) {
        await runtime.pause(instance)
        expect(await status()).toBe('paused')
        await runtime.start?.(instance)
        expect([await status(), (await call(id, 'GET', '/health')).status]).toEqual(['running', 200])
      }
      if (runtime.stop) {
        await runtime.stop(instance)
        expect(await status()).toBe('stopped')
        expect((await call(id, 'GET', '/health')).status).toBeGreaterThanOrEqual(400)
      }
      if (runtime.delete) {
        await runtime.delete(instance)
        expect(await status()).toBeUndefined()
      }
    })
  })
}

/** A session whose agent waits for leave. `over` resolves when the prompt was answered, whenever that is. */
async function asking(subject: Opened): Promise<{ id: string; requestId: string; over: Promise<unknown> }> {
  const { id } = await subject.start()
  const over = subject.prompt(id, 'ask')
  const { data } = await subject.until(id, 'permission_request')
  return { id, requestId: String(data.requestId), over }
}

async function firstOption({ until }: Opened, id: string): Promise<string> {
  const { data } = await until(id, 'permission_request')
  // The cast: the contract's PendingPermission.
  return (data.options as { optionId: string }[])[0]!.optionId
}

// biome-ignore lint/suspicious/noExplicitAny: cases look into answers as clients do.
type Answer = { status: number; body: any }

async function openSubject(open: () => Promise<RuntimeSubject>) {
  const { runtime, instance, spawn, workspace, events, close } = await open()
  onTestFinished(close)
  await runtime.start?.(instance)

  const call = async (id: string, method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await runtime.fetchSession(
      id,
      new Request(`http://session.invalid${path}`, {
        method,
        headers: { 'content-type': 'application/json', 'x-session-cwd': workspace },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    )
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }
  const startAs = (id: string) =>
    call(id, 'POST', '/start', { sessionId: id, ...spawn, workspace, instanceName: instance })
  const rpcOf = async (id: string) =>
    (await events(id)).filter(({ type }) => type === 'rpc').map(({ data }) => data)
  return {
    runtime,
    instance,
    call,
    startAs,
    start: async () => {
      const id = randomUUID()
      return { id, answer: await startAs(id) }
    },
    prompt: (id: string, text: string) => call(id, 'POST', '/prompt', { text }),
    until: (id: string, type: string): Promise<WireEvent> =>
      eventually(async () => (await events(id)).find((event) => event.type === type)),
    /** Waits for the end of so many turns. */
    turns: async (id: string, count: number) => {
      const isOf = (phase: string) => (data: WireEvent['data']) =>
        data.method === 'session/prompt' && data.phase === phase
      const rpc = await eventually(async () => {
        const all = await rpcOf(id)
        return all.filter(isOf('response')).length >= count && all
      })
      const last = rpc.filter(isOf('response')).at(-1)
      return {
        // The casts: what ACP says of these messages.
        stopReason: (last?.payload as { stopReason?: string } | undefined)?.stopReason,
        methods: rpc.map(({ method, phase }) => `${method} ${phase}`),
        prompts: rpc
          .filter(isOf('request'))
          .map(({ payload }) => (payload as { prompt: { text: string }[] }).prompt[0]?.text),
      }
    },
  }
}

/** Waits until the condition is truthy, and resolves with its value. */
function eventually<T>(condition: () => T | Promise<T>): Promise<Exclude<T, undefined | false>> {
  const attempt = async () => {
    const value = await condition()
    if (value === undefined || value === false) throw new Error('the condition did not come true')
    // The cast: what it excludes was refused above.
    return value as Exclude<T, undefined | false>
  }
  return vi.waitFor(attempt, { timeout: 20_000, interval: 5 })
}
