import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { eventually } from '@parley/testkit'

const python = '/usr/bin/python3'

/** What a peer said: its `event`, and about it. */
export type Said = { event: string } & Record<string, unknown>
type Match<Found extends Said> = (said: Said) => said is Found

/** A program of this folder, steered over its standard input. */
export interface Peer {
  /** Has it do something; rejects with its words when it could not. */
  ask<Answer = unknown>(name: string, about?: Record<string, unknown>): Promise<Answer>
  /** The first saying of this kind that fits, waiting for it. */
  heard<Found extends Said>(event: string, fits?: (said: Found) => boolean): Promise<Found>
  /** All sayings of this kind, of whatever has happened up to now. */
  all<Found extends Said = Said>(event: string): Promise<Found[]>
  /** Those of them that have been read already: for conditions. */
  soFar<Found extends Said = Said>(event: string): Found[]
  stop(): Promise<void>
}

/** Starts `gateway` or `connector`. */
export async function startPeer(name: 'gateway' | 'connector'): Promise<Peer> {
  const program = new URL(`./${name}.py`, import.meta.url).pathname
  const child = spawn(python, ['-B', program], { stdio: ['pipe', 'pipe', 'pipe'] })
  const said: Said[] = []
  let errors = ''
  let asked = 0
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-20_000)
  })
  createInterface({ input: child.stdout }).on('line', (line) => said.push(JSON.parse(line) as Said))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const isAlive = () => child.exitCode === null && child.signalCode === null

  const waitFor = async <Found extends Said>(what: string, match: Match<Found>): Promise<Found> => {
    const words = () => `${what}; it said ${JSON.stringify(said.slice(-20))} ${errors}`
    const outcome = () => said.find(match) ?? (isAlive() ? undefined : 'ended')
    const found = await eventually(outcome, { deadlineMs: 35_000 }).catch((error: unknown) => {
      throw new Error(`no ${words()}`, { cause: error })
    })
    if (found === 'ended') throw new Error(`the peer has ended without ${words()}`)
    return found as Found
  }
  const heard: Peer['heard'] = <Found extends Said>(
    event: string,
    fits: (said: Found) => boolean = () => true,
  ) =>
    // The cast: the caller knows what a saying of this kind is about.
    waitFor(event, (one): one is Found => one.event === event && fits(one as Found))

  // The cast: as above.
  const soFar = <Found extends Said>(event: string) => said.filter((one) => one.event === event) as Found[]
  const ask: Peer['ask'] = async <Answer>(what: string, about: Record<string, unknown> = {}) => {
    const id = ++asked
    child.stdin.write(`${JSON.stringify({ ...about, id, do: what })}\n`)
    const answer = await waitFor(
      `answer to ${what}`,
      (one): one is Said & { value: Answer; error: string } =>
        one.id === id && (one.event === 'answered' || one.event === 'failed'),
    )
    if (answer.event === 'failed') throw new Error(answer.error)
    return answer.value
  }

  await heard('ready')
  return {
    ask,
    heard,
    soFar,
    all: async <Found extends Said>(event: string) => {
      await ask('caught_up')
      return soFar<Found>(event)
    },
    stop: async () => {
      child.stdin.end()
      child.kill('SIGTERM')
      await ended
    },
  }
}
