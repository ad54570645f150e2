import { assertErrorBody, clip } from '../compliance/core/expect.js'
import { send } from '../compliance/core/http.js'
import { createSession } from '../compliance/core/session.js'
import { startControl } from './control.js'
import { anyRequest, type Target } from './http-input.js'
import { type Random, randomFrom } from './random.js'
import { anyBytes } from './raw-input.js'
import { count, type FuzzReport, fail, mostFailures, note } from './report.js'
import { anySocket } from './socket-input.js'

export interface FuzzOptions {
  url: string
  runs: number
  seed: number
  /** False once the server's process has ended. */
  isAlive(): boolean
  /** Inputs at the same time. Default 8. */
  parallel?: number
}

const deadlineMs = 45_000
const inputsPerSession = 30
const inputsPerControl = 250

/** Throws odd input at a server and reports what became of it. The same seed makes the same inputs. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const report: FuzzReport = { outcomes: {}, failures: [] }
  const control = startControl(options.url)
  const workers = options.parallel ?? 8
  let left = options.runs
  let done = 0

  const work = async (random: Random) => {
    let target: Target | undefined
    for (let turn = 0; left > 0 && report.failures.length < mostFailures && options.isAlive(); turn++) {
      left--
      if (!target || turn % inputsPerSession === 0) target = await newTarget(options.url, random)
      await tryOne(options.url, random, target, report)
      if (++done % inputsPerControl === 0) await note(report, 'the control session', () => control.verify())
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, n) => work(randomFrom(options.seed * 1000 + n))))
  await note(report, 'the control session at the end', () => control.verify())
  if (!options.isAlive()) fail(report, 'the server ended', 'all of them together')
  return report
}

async function newTarget(url: string, random: Random): Promise<Target> {
  const types = ['string', 'int', 'enum', 'datetime']
  const schema = ['name', 'age', 'size', 'when'].map((key, n) => ({ key, type: types[n], required: true }))
  const mode = random.chance(0.8) ? 'form-fill' : 'default'
  const { sid, token, browserKey } = await createSession(
    url,
    { mode, schema: mode === 'default' ? [] : schema },
    () => {},
  )
  return { sid, token, browserKey }
}

async function tryOne(url: string, random: Random, target: Target, report: FuzzReport): Promise<void> {
  const dice = random.below(100)
  if (dice < 80) return tryRequest(url, random, target, report)
  const speak = dice < 92 ? anySocket : anyBytes
  await note(report, speak === anySocket ? 'a socket' : 'raw bytes', async () => {
    const outcome = await speak(url, random, target, deadlineMs)
    count(report, outcome)
    if (outcome.startsWith('fault')) throw new Error(outcome)
  })
}

async function tryRequest(url: string, random: Random, target: Target, report: FuzzReport): Promise<void> {
  const sent = anyRequest(random, target)
  const method = sent.method ?? (sent.body === undefined ? 'GET' : 'POST')
  const what = `${method} ${clip(sent.path, 160)} ${clip(JSON.stringify(sent.headers), 200)} ${clip(String(sent.body), 400)}`
  await note(report, what, async () => {
    const answer = await send(url, { ...sent, deadlineMs })
    count(report, `http ${answer.status}`)
    if (answer.status >= 500) throw new Error(`status ${answer.status}: ${clip(answer.text)}`)
    if (answer.status >= 400) assertErrorBody(answer)
  })
}
