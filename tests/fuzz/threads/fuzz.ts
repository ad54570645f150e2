import assert from 'node:assert/strict'
import { clip, isObject } from '../../compliance/core/expect.js'
import { type Answer, send } from '../../compliance/core/http.js'
import { type Random, randomFrom } from '../random.js'
import { count, type FuzzReport, fail, mostFailures, note } from '../report.js'
import { anyBytes } from './bytes-input.js'
import { type Control, startControl } from './control.js'
import { anyRequest } from './http-input.js'
import { anyPackets } from './packets-input.js'
import { anyPolling } from './polling-input.js'
import { anyVisit } from './socket-input.js'
import { newTarget, type Place, placesOf, type Target } from './target.js'

export interface FuzzOptions {
  /** The fixture's two servers. */
  url: string
  ns: string
  runs: number
  seed: number
  /** False once the server's process has ended. */
  isAlive(): boolean
  /** Inputs at the same time. Default 8. */
  parallel?: number
}

const deadlineMs = 45_000
const inputsPerTarget = 40
const inputsPerControl = 250

/** Throws odd input at the threads fixture and reports what became of it. The same seed makes the same inputs. */
export async function fuzzThreads(options: FuzzOptions): Promise<FuzzReport> {
  const report: FuzzReport = { outcomes: {}, failures: [] }
  const places = placesOf(options)
  let control: Control | undefined
  await note(report, 'the control at the start', async () => {
    control = await startControl(options.url)
  })
  const verify = async () => control?.verify()
  const shared: Shared = { ...options, report, places, verify, left: options.runs, done: 0 }
  const workers = Array.from({ length: options.parallel ?? 8 }, (_, n) => randomFrom(options.seed * 1000 + n))
  await Promise.all(workers.map((random) => work(shared, random)))
  await note(report, 'the control at the end', verify)
  control?.close()
  if (!options.isAlive()) fail(report, 'the server ended', 'all of them together')
  return report
}

type Shared = FuzzOptions & {
  report: FuzzReport
  places: readonly Place[]
  verify(): Promise<void>
  left: number
  done: number
}

async function work(shared: Shared, random: Random): Promise<void> {
  const { report, places } = shared
  let target: Target | undefined
  for (let turn = 0; shared.left > 0 && report.failures.length < mostFailures && shared.isAlive(); turn++) {
    shared.left--
    if (turn % inputsPerTarget === 0)
      await note(report, 'a thread that must work', async () => {
        target = await newTarget(places, random)
      })
    if (target) await tryOne(random, target, report)
    if (++shared.done % inputsPerControl === 0) await note(report, 'the control', shared.verify)
  }
}

async function tryOne(random: Random, target: Target, report: FuzzReport): Promise<void> {
  const dice = random.below(100)
  if (dice < 70) return tryRequest(random, target, report)
  if (dice < 82) return speak('a visit', anyVisit, { random, target, report })
  if (dice < 92) return speak('packets', anyPackets, { random, target, report })
  if (dice < 96) return speak('long polling', anyPolling, { random, target, report })
  return speak('bytes', anyBytes, { random, target, report })
}

type Speak = (random: Random, target: Target, deadlineMs: number) => Promise<string>
type Trial = { random: Random; target: Target; report: FuzzReport }

function speak(what: string, how: Speak, { random, target, report }: Trial): Promise<void> {
  return note(report, what, async () => {
    const outcome = await how(random, target, deadlineMs)
    count(report, outcome)
    if (outcome.startsWith('fault')) throw new Error(outcome)
  })
}

async function tryRequest(random: Random, target: Target, report: FuzzReport): Promise<void> {
  const sent = anyRequest(random, target)
  const method = sent.method ?? (sent.body === undefined ? 'GET' : 'POST')
  const what = `${method} ${clip(sent.path, 160)} ${clip(JSON.stringify(sent.headers), 200)} ${clip(String(sent.body), 400)}`
  await note(report, what, async () => {
    const answer = await send(target.url, { ...sent, deadlineMs })
    count(report, `http ${answer.status}`)
    if (answer.status >= 500) throw new Error(`status ${answer.status}: ${clip(answer.text)}`)
    if (answer.status >= 400 && method !== 'HEAD') assertRefusal(answer)
  })
}

/** Asserts the body that every refusal has (contract 3.1). */
function assertRefusal({ headers, json, text }: Answer): void {
  assert.match(String(headers['content-type']), /^application\/json/, 'content type of a refusal')
  assert.ok(isObject(json) && isObject(json.error), `a refusal without an error: ${clip(text)}`)
  const { code, message } = json.error
  assert.ok(typeof code === 'string' && code !== '', `a refusal without a code: ${clip(text)}`)
  assert.ok(typeof message === 'string' && message !== '', `a refusal without a message: ${clip(text)}`)
  assert.equal(json.detail, message, 'detail and message of a refusal')
}
