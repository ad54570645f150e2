import { strict as assert } from 'node:assert'
import type { Evidence, LoggedEvent, Prompted } from './evidence.js'

/** Throws the first thing that does not hold for a session. */
export function assertSession(evidence: Evidence): void {
  assertFollowed(evidence)
  assertTurns(evidence)
  assertPermissions(evidence)
  assertTerminals(evidence)
  assert.equal(count(evidence.log, 'session.resumed'), evidence.resumed, 'resumptions')
}

/** Everybody was sent exactly the log, numbered without a gap. */
function assertFollowed({ log, followers }: Evidence): void {
  for (const { name, seen } of followers) {
    const wrong = seen.findIndex(({ seq }, index) => seq !== index + 1)
    assert.equal(wrong, -1, `${name}: number ${seen[wrong]?.seq} at place ${wrong + 1}`)
    const other = seen.findIndex(({ event }, index) => !isSame(event, log[index]))
    assert.equal(other, -1, `${name}: another event than the log at place ${other + 1}`)
    assert.equal(seen.length, log.length, `${name}: ${seen.length} events of ${log.length}`)
  }
}

const isSame = (a: LoggedEvent, b: LoggedEvent | undefined) => b !== undefined && textOf(a) === textOf(b)

const textOf = ({ type, data, timestamp }: LoggedEvent) => JSON.stringify([type, data, timestamp])

type Rpc = { method?: string; phase?: string; turnId?: string; payload?: unknown }
type Payload = {
  update?: { sessionUpdate: string; content?: { text?: string } }
  prompt?: { text: string }[]
  error?: unknown
}

type Turn = { turnId: string | undefined; text: string; pieces: string[]; isTorn: boolean }

/** The prompts ran in their order, one at a time, each with one end; nothing was said outside of a turn. */
function assertTurns({ log, prompts }: Evidence): void {
  const turns = turnsOf(log)
  assert.deepEqual(
    turns.map(({ text }) => text),
    prompts.map(({ text }) => text),
    'other turns than prompts',
  )
  for (const [index, turn] of turns.entries()) assertTurn(turn, prompts[index]!)
}

function turnsOf(log: readonly LoggedEvent[]): Turn[] {
  const turns: Turn[] = []
  let running: Turn | undefined
  for (const { type, data } of log) {
    if (type !== 'rpc') continue
    // The casts: `data` of an rpc event by the contract.
    const { method, phase, turnId, payload } = data as Rpc
    const { update, prompt, error } = (payload ?? {}) as Payload
    if (method === 'session/prompt' && phase === 'request') {
      assert(!running, `${turnId}: began before ${running?.turnId} had ended`)
      running = { turnId, text: prompt!.map(({ text }) => text).join(''), pieces: [], isTorn: false }
    } else if (method === 'session/prompt' && phase === 'response') {
      assert(running && running.turnId === turnId, `${turnId}: ended without having begun, or twice`)
      turns.push({ ...running, isTorn: error !== undefined })
      running = undefined
    } else if (update?.sessionUpdate === 'agent_message_chunk') {
      assert(running, `"${update.content?.text}" was said outside of a turn`)
      running.pieces.push(update.content?.text ?? '')
    }
  }
  assert(!running, `${running?.turnId}: has not ended`)
  return turns
}

function assertTurn({ turnId, text, pieces, isTorn }: Turn, { turn }: Prompted): void {
  assert.equal(isTorn, turn === 'torn', `${turnId} (${text}): ended ${isTorn ? 'torn' : 'whole'}`)
  const expected = saidTo(text)
  if (!expected) return
  const whole = isTorn ? expected.slice(0, pieces.length) : expected
  // Answers to questions come in any order.
  const [said, wanted] = text.startsWith('ask') ? [pieces.toSorted(), whole.toSorted()] : [pieces, whole]
  const wrong = Math.max(said.length, wanted.length)
  for (let n = 0; n < wrong; n++)
    assert.equal(said[n], wanted[n], `${turnId} (${text}): at place ${n + 1} of ${wanted.length}`)
}

/** What the demo agent says to a prompt, piece by piece; undefined where that depends on the machine. */
function saidTo(prompt: string): string[] | undefined {
  const [word, first, second] = prompt.split(' ')
  const numbers = Array.from({ length: Number(first) || 0 }, (_, index) => index + 1)
  if (word === 'chunks') return numbers.map((n) => `chunk ${n} `.padEnd(Number(second) || 0, '.'))
  if (word === 'ask') return numbers.map((n) => `${n}: allow\n`)
  if (word === 'echo') return [prompt.slice('echo '.length)]
  return undefined
}

const outcomes = new Set(['permission_approved', 'permission_rejected'])

/** Each question was shown once, and has one outcome after that. */
function assertPermissions({ log }: Evidence): void {
  const open = new Set<unknown>()
  const known = new Set<unknown>()
  for (const { type, data } of log) {
    if (type === 'permission_request') {
      assert(!known.has(data.requestId), `${data.requestId}: asked twice`)
      open.add(data.requestId)
      known.add(data.requestId)
    }
    if (outcomes.has(type)) assert(open.delete(data.requestId), `${data.requestId}: settled twice`)
  }
  assert.equal(open.size, 0, 'a question without an outcome')
}

/** Each terminal began once, ended once, and showed exactly what its program wrote. */
function assertTerminals({ log, terminals }: Evidence): void {
  const outputs = new Map<unknown, string>()
  const ended = new Set<unknown>()
  for (const { type, data } of log) {
    const { terminalId: id } = data
    if (type === 'terminal.started') {
      assert(!outputs.has(id), `${id}: began twice`)
      outputs.set(id, '')
    } else if (type === 'terminal.data') {
      assert(outputs.has(id) && !ended.has(id), `${id}: output before its beginning or after its end`)
      outputs.set(id, outputs.get(id) + String(data.data))
    } else if (type === 'terminal.exit') {
      assert(!ended.has(id), `${id}: ended twice`)
      ended.add(id)
    }
  }
  assert.equal(ended.size, outputs.size, 'a terminal without an end')
  const shown = [...outputs.values()].map((text) => text.replaceAll('\r\n', '\n'))
  assert.deepEqual(shown, terminals, 'terminals showed something else than was written')
}

const count = (log: readonly LoggedEvent[], type: string): number =>
  log.filter((event) => event.type === type).length
