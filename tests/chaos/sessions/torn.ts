// What the kills of hosts and of agents have in common: a turn that nobody can end, and an agent that can go on or can't.
import { strict as assert } from 'node:assert'
import { eventually } from '@parley/testkit'
import { ask, getSession, patience, send } from './api.js'
import { type Process, processOf } from './processes.js'
import {
  inWorld,
  isPiece,
  ofType,
  openSession,
  prompt,
  say,
  settle,
  untilSeen,
  type Watched,
  type World,
} from './world.js'

export type Figures = {
  rounds: number
  /** Events in the logs that were verified. */
  events: number
  seconds: number
}

/** What is killed, and what is said of a session that can't go on. */
export type Disaster = {
  kill(world: World, sessions: readonly Watched[]): Promise<void>
  reason: string
  message: string
}

/** Too many for the turn to end by itself before the disaster. */
const chunks = 100_000
const mostBefore = 1_000

/** Brings a disaster in the middle of turns, again and again. Throws what did not hold. */
export function tearTurns(
  disaster: Disaster,
  { rounds, seed }: { rounds: number; seed: number },
): Promise<Figures> {
  const began = performance.now()
  return inWorld(seed, async (world) => {
    let events = 0
    for (let round = 1; round <= rounds; round++) events += await tear(world, disaster)
    const seconds = Math.round((performance.now() - began) / 100) / 10
    return { rounds, events, seconds }
  })
}

async function tear(world: World, disaster: Disaster): Promise<number> {
  const able = await openSession(world, 'with memory')
  const unable = await openSession(world, 'without')
  const trees = [await growTree(world, able), await growTree(world, unable)]
  await begin(world, able)
  await begin(world, unable)
  await untilSeen(able, 1 + world.random.below(mostBefore), isPiece)
  await disaster.kill(world, [able, unable])

  await assertGone([able.agent, unable.agent, ...trees.flat()])
  await assertEnded(world, unable, disaster)
  await assertTaken(world, able)
  const events = (await settle(world, able)) + (await settle(world, unable))
  await ask(world.server, 'DELETE', `/agents/${able.id}`)
  return events
}

/** A turn that is too long to end by itself. */
async function begin(world: World, watched: Watched): Promise<void> {
  prompt(world, watched, `chunks ${chunks} 0 1`)
  watched.prompts.at(-1)!.turn = 'torn'
  await untilSeen(watched, watched.prompts.length, ({ data }) => isPrompt(data))
}

const isPrompt = ({ method, phase }: Record<string, unknown>) =>
  method === 'session/prompt' && phase === 'request'

/** A child and a grandchild of the agent that ignore SIGTERM. */
async function growTree(world: World, watched: Watched): Promise<Process[]> {
  await say(world, watched, 'tree')
  const { logs } = await getSession(world.server, watched.id)
  const pids = /pids: (\d+) (\d+)/.exec(JSON.stringify(logs))!.slice(1).map(Number)
  return pids.map((pid) => processOf(pid)!)
}

async function assertGone(processes: readonly Process[]): Promise<void> {
  await eventually(
    () => processes.every(({ pid, startTime }) => processOf(pid)?.startTime !== startTime),
    patience,
  )
}

/** The agent that can go on: is started again, and works. */
async function assertTaken(world: World, able: Watched): Promise<void> {
  await untilSeen(able, 1, ofType('session.resumed'))
  able.resumed = 1
  await say(world, able, 'echo after')
}

/** The agent that can't: its session is over, and says why. */
async function assertEnded({ server }: World, unable: Watched, { reason, message }: Disaster): Promise<void> {
  await untilSeen(unable, 1, ofType('session.terminated'))
  const { status, logs, pendingPermission } = await getSession(server, unable.id)
  assert.deepEqual({ status, pendingPermission }, { status: 'killed', pendingPermission: null })
  assert.deepEqual(logs.at(-1)!.data, { exitCode: -1, reason, message })
  assert.equal((await send(server, 'DELETE', `/agents/${unable.id}`)).status, 409)
}
