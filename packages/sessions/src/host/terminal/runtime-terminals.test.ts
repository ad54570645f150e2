import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '@parley/kernel/ids'
import { eventually } from '@parley/testkit'
import headless from '@xterm/headless'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { TerminalSignal } from '../../protocol/index.js'
import { call, recordEvents, tempDirectory, workspaces } from '../files/host.test.support.js'
import { isRunning } from './processes.test.support.js'
import { createRuntimeTerminals } from './runtime-terminals.js'

async function host() {
  const directory = await tempDirectory()
  const events = recordEvents()
  const terminals = createRuntimeTerminals({
    workspaces: workspaces([directory]),
    events,
    clock: systemClock,
    environment: { ...process.env, SECRET_TOKEN: 'secret' },
  })
  onTestFinished(() => terminals.close())
  const signals = () => events.signals.map(({ data }) => data as TerminalSignal)
  const open = async (script?: string, size: object = {}) => {
    const answer = await call(terminals.routes, 'POST /terminals', {
      body: { ...size, ...(script && { data: await program(directory, script) }) },
    })
    return String(answer.body.terminalId)
  }
  const ask = (line: string, body?: unknown) => call(terminals.routes, line, { body })
  const type = (id: string, data: string) => ask(`POST /terminals/${id}/input`, { data })
  const output = async (id: string) => String((await ask(`GET /terminals/${id}`)).body.output)
  const exit = (id: string) =>
    eventually(() =>
      signals().find(({ event }) => event.type === 'terminal.exit' && event.data.terminalId === id),
    )
  return { directory, events, terminals, signals, open, ask, type, output, exit }
}

async function program(directory: string, script: string): Promise<string> {
  const file = join(directory, `run-${Math.random().toString(36).slice(2)}`)
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
  return file
}

describe('a terminal', () => {
  test('is a shell of 120 by 30 in the directory of the host, with a clean environment', async () => {
    const { directory, signals, open, type, output } = await host()
    const id = await open()

    await type(id, 'stty size; pwd; echo "<$TERM> <$SECRET_TOKEN>"\n')
    await eventually(async () => (await output(id)).includes('<xterm-256color> <>'))
    expect(await output(id)).toContain('30 120')
    expect(await output(id)).toContain(directory)
    expect(id).toMatch(/^term-[0-9a-f-]{36}$/)
    expect(signals()[0]?.event).toMatchObject({
      type: 'terminal.started',
      data: { terminalId: id, command: '/bin/sh' },
    })
  })

  test('tells programs its new size', async () => {
    const { open, ask, type, output } = await host()
    const id = await open()

    expect((await ask(`POST /terminals/${id}/resize`, { cols: 77, rows: 22 })).status).toBe(200)
    await type(id, 'stty size\n')
    await eventually(async () => (await output(id)).includes('22 77'))
  })

  test('tells the exit code, and stays listed until it is killed', async () => {
    const { open, ask, exit, terminals } = await host()
    const id = await open('exit 7')

    expect((await exit(id)).event.data).toEqual({ terminalId: id, exitCode: 7 })
    expect((await ask('GET /terminals')).body.terminals).toMatchObject([{ terminalId: id, exitCode: 7 }])
    expect((await ask(`POST /terminals/${id}/input`, { data: 'x' })).status).toBe(409)
    expect(await ask(`DELETE /terminals/${id}`)).toEqual({ status: 200, body: { ok: true } })
    expect((await ask('GET /terminals')).body.terminals).toEqual([])
    expect(terminals.kept(0)).toEqual([])
    expect((await ask(`GET /terminals/${id}`)).status).toBe(404)
  })

  test('that a signal ended has the exit code -1', async () => {
    const { open, exit } = await host()
    const id = await open('kill -9 $$')

    expect((await exit(id)).event.data.exitCode).toBe(-1)
  })

  test('when killed takes with it what ignores signals and runs in groups of its own', async () => {
    const { open, ask, output, exit, terminals } = await host()
    const id = await open(
      "set -m\ntrap '' HUP TERM\n(trap '' HUP TERM; sleep 1000; sleep 1000) &\necho \"pids $$ $! end\"\nwait",
    )
    const found = await eventually(async () => /pids (\d+) (\d+) end/.exec(await output(id)))

    await ask(`DELETE /terminals/${id}`)
    await terminals.close()
    expect((await exit(id)).event.data.exitCode).toBe(-1)
    expect(found.slice(1).map((pid) => isRunning(Number(pid)))).toEqual([false, false])
  })

  test.each([
    [{ data: 'no-such-program' }, 400],
    [{ data: '/etc/passwd' }, 400],
    [{ data: 'sh -c ls' }, 400],
    [{ data: 'a\0b' }, 400],
    [{ cols: 0 }, 400],
    [{ rows: 1_001 }, 400],
    [{ cols: 1.5 }, 400],
    [{ sessionId: 'unknown' }, 404],
  ])('is not opened with %j', async (body, status) => {
    const { ask } = await host()

    expect((await ask('POST /terminals', body)).status).toBe(status)
  })

  test('takes at most 64 KiB of input at once, and at most 64 are open', async () => {
    const { open, ask, type } = await host()
    const id = await open('exec sleep 1000')

    expect((await type(id, 'x'.repeat(64 * 1024))).status).toBe(200)
    expect((await type(id, 'x'.repeat(64 * 1024 + 1))).status).toBe(400)
    const more = await Promise.all(
      Array.from({ length: 70 }, () => ask('POST /terminals', { data: '/bin/cat' })),
    )
    expect(more.filter(({ status }) => status === 201)).toHaveLength(63)
    expect(more.filter(({ status }) => status === 429)).toHaveLength(7)
  })

  test('whose program does not read lets the host go on, and refuses input in the end', async () => {
    const { open, type, output } = await host()
    const id = await open('stty raw -echo; echo ready; exec sleep 1000')
    await eventually(async () => (await output(id)).includes('ready'))

    await eventually(async () => (await type(id, 'x'.repeat(64 * 1024))).status === 409)
  })

  test('shows characters whole, also when a program writes them byte by byte', async () => {
    const { open, output, exit, signals } = await host()
    const bytes = [...Buffer.from('grüß 😀')].map((byte) => `\\0${byte.toString(8)}`)
    const id = await open(
      `for b in ${bytes.map((one) => `'${one}'`).join(' ')}; do printf '%b' "$b"; sleep 0.02; done`,
    )
    await exit(id)

    expect(await output(id)).toBe('grüß 😀')
    expect(JSON.stringify(signals())).not.toContain('\ufffd')
  })
})

describe('the events of terminals', () => {
  test('are numbered over all terminals, in pieces of at most 4096 bytes, and replayed as they were', async () => {
    const { open, exit, signals, terminals } = await host()
    const [one, two] = await Promise.all([
      open('seq 1 20000'),
      open('for i in 1 2 3; do printf "%5000s\\n" ü; done'),
    ])
    await Promise.all([exit(one), exit(two)])

    const seqs = signals().map(({ seq }) => seq)
    expect(seqs).toEqual(Array.from(seqs, (_, at) => (seqs[0] ?? 0) + at))
    for (const { event } of signals())
      expect(Buffer.byteLength(String(event.data.data ?? ''))).toBeLessThanOrEqual(4_096)
    expect(JSON.stringify(terminals.kept(0))).toBe(JSON.stringify(signals()))
    expect(terminals.kept(seqs.at(-2) ?? 0)).toEqual(signals().slice(-1))
  })

  test('come in pages that fit into a frame', async () => {
    const { open, exit, ask, terminals } = await host()
    await exit(await open('seq 1 150000'))

    const pages: TerminalSignal[][] = []
    for (let since = 0, more: unknown = true; more; since = pages.at(-1)?.at(-1)?.seq ?? since) {
      const { body } = await call(terminals.routes, 'GET /terminals/events', {
        query: { since: String(since) },
      })
      expect(JSON.stringify(body).length).toBeLessThan(1024 * 1024)
      pages.push(body.events as TerminalSignal[])
      more = body.more
    }
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.flat()).toEqual(terminals.kept(0))
    expect((await ask('GET /terminals/events')).status).toBe(200)
    const wrong = await call(terminals.routes, 'GET /terminals/events', { query: { since: 'x' } })
    expect(wrong.status).toBe(400)
  })

  test('stop while there is no room, and go on after', async () => {
    const { events, open, output, signals } = await host()
    const release = events.block()
    const id = await open('seq 1 100000; echo all; exec sleep 1000')
    await eventually(() => signals().length > 1)

    // What the program has written is far from all: it waits.
    expect(await output(id)).not.toContain('all')
    release()
    await eventually(async () => (await output(id)).includes('all'))
  })
})

describe('a terminal that says more than is kept', () => {
  const flood = async (script: string) => {
    const made = await host()
    const id = await made.open(script)
    await made.exit(id)
    await eventually(async () => (await made.ask(`GET /terminals/${id}`)).body.truncated)
    return { ...made, id }
  }

  test('costs a bounded memory', async () => {
    const { terminals } = await flood('yes | head -c 8000000')

    const bytes = Buffer.byteLength(JSON.stringify(terminals.kept(0)))
    expect(bytes).toBeLessThan(2.5 * 1024 * 1024)
    expect(terminals.kept(0)[0]?.event.type).toBe('terminal.started')
  })

  test('without an end waits while there is no room, and is silent once it is killed', async () => {
    const { events, open, ask, signals, terminals } = await host()
    const id = await open('exec yes')
    await eventually(async () => (await ask(`GET /terminals/${id}`)).body.truncated)
    const release = events.block()
    const count = await settled(() => signals().length)

    expect(count).toBe(signals().length)
    release()
    await eventually(() => signals().length > count)
    await ask(`DELETE /terminals/${id}`)
    expect(signals().at(-1)?.event.data).toEqual({ terminalId: id, exitCode: -1 })
    const ended = signals().length
    await terminals.close()
    expect(signals()).toHaveLength(ended)
  })

  test.each([
    ['plain', 'seq 1 500000'],
    [
      'coloured, on the other screen',
      "printf '\\033[?1049h\\033[31m'; seq 1 400000; printf '\\033[5;5Hhere \\033[1mbold\\033[0m'",
    ],
  ])('shows a late viewer the same screen: %s', async (_, script) => {
    const { signals, terminals } = await flood(script)

    expect(await screenOf(terminals.kept(0))).toEqual(await screenOf(signals()))
    expect(terminals.kept(0).length).toBeLessThan(signals().length)
  })

  test('replays the same bytes each time, and says that some are gone', async () => {
    const { terminals } = await flood('seq 1 500000')
    const ask = () => call(terminals.routes, 'GET /terminals/events', { query: { since: '1' } })

    expect(JSON.stringify(await ask())).toBe(JSON.stringify(await ask()))
    expect((await ask()).body.truncated).toBe(true)
  })

  test('sets right a viewer that missed the middle', async () => {
    const { signals, terminals } = await flood('seq 1 500000')
    const seen = signals().slice(0, 3)

    const resumed = [...seen, ...terminals.kept(seen.at(-1)?.seq ?? 0)]
    expect(await screenOf(resumed)).toEqual(await screenOf(signals()))
  })
})

/** A count once it has stayed the same for a while. */
async function settled(count: () => number): Promise<number> {
  let last = -1
  await eventually(
    () => {
      const isSame = count() === last
      last = count()
      return isSame
    },
    { everyMs: 50 },
  )
  return last
}

/** What a viewer sees: the lines on the screen, where the cursor is, and which of the screens it is. */
async function screenOf(signals: readonly TerminalSignal[]) {
  const terminal = new headless.Terminal({ cols: 120, rows: 30, allowProposedApi: true })
  for (const { event } of signals)
    if (event.type === 'terminal.data')
      await new Promise<void>((resolve) => terminal.write(String(event.data.data), resolve))
  const { active } = terminal.buffer
  const lines = Array.from({ length: 30 }, (_, row) =>
    active.getLine(active.baseY + row)?.translateToString(true),
  )
  const color = active
    .getLine(active.baseY + 4)
    ?.getCell(4)
    ?.getFgColor()
  const seen = { lines, x: active.cursorX, y: active.cursorY, type: active.type, color }
  terminal.dispose()
  return seen
}
