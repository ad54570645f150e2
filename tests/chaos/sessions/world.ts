import { strict as assert } from 'node:assert'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { root } from '../../architecture/checkout.js'
import { type Random, randomFrom } from '../../fuzz/random.js'
import { ask, getSession, patience, type SessionView, send } from './api.js'
import type { LoggedEvent, Prompted } from './evidence.js'
import { type Follower, overEvents, overSocket } from './follower.js'
import { agentOf, endHost, type Process } from './processes.js'
import { ServerPlace } from './server.js'
import { assertSession } from './verify.js'

/** Everything that one run has at hand. */
export type World = { server: ServerPlace; hostDir: string; workspace: string; random: Random }

/** A session with two who follow it, and what was done in it. */
export type Watched = {
  id: string
  agent: Process
  followers: [Follower, Follower]
  prompts: Prompted[]
  terminals: string[]
  resumed: number
}

const demoAgent = join(root, 'packages/sessions/dist/demo-agent/main.js')

/** Runs with a server and a directory of its own; when the test is over nothing is left of them. The server must never complain. */
export async function inWorld<T>(seed: number, run: (world: World) => Promise<T>): Promise<T> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'parley-chaos-sessions-')))
  const hostDir = join(dir, 'host')
  const server = new ServerPlace({ database: join(dir, 'data'), hostDir, workspace: dir })
  // Also of a test that took too long: a host goes on without its server.
  onTestFinished(async () => {
    await server.close()
    await endHost(hostDir, 'SIGTERM')
    await rm(dir, { recursive: true, force: true })
  }, 60_000)
  await server.start()
  const done = await run({ server, hostDir, workspace: dir, random: randomFrom(seed) })
  await server.kill()
  assert.deepEqual(server.complaints, [])
  return done
}

/** Starts a demo agent; `memory` makes it one that can be started again. */
export async function openSession(world: World, memory: 'with memory' | 'without'): Promise<Watched> {
  const { server, hostDir, workspace } = world
  const args = memory === 'with memory' ? ['--load', '--state', join(workspace, 'state')] : []
  const spawn = { command: process.execPath, args: [demoAgent, ...args] }
  const { id } = await ask<SessionView>(server, 'POST', '/agents', { spawn, cwd: workspace })
  const followers: Watched['followers'] = [overEvents(server, id), overSocket(server, id)]
  return { id, agent: agentOf(hostDir, id), followers, prompts: [], terminals: [], resumed: 0 }
}

/** Sends a prompt; nobody waits for its turn, whose end the server may not live to tell. */
export function prompt({ server }: World, { id, prompts }: Watched, text: string): void {
  prompts.push({ text, turn: 'whole' })
  void send(server, 'POST', `/agents/${id}/prompts`, { text }).catch(() => undefined)
}

/** Sends a prompt and waits for the end of its turn. */
export async function say({ server }: World, { id, prompts }: Watched, text: string): Promise<void> {
  prompts.push({ text, turn: 'whole' })
  const result = await ask(server, 'POST', `/agents/${id}/prompts`, { text })
  assert.deepEqual(result, { stopReason: 'end_turn' })
}

/** Waits until both followers have seen so many events that are so. */
export async function untilSeen(
  { followers }: Watched,
  least: number,
  isWanted: (event: LoggedEvent) => boolean,
): Promise<void> {
  await eventually(() => followers.every((follower) => follower.count(isWanted) >= least), patience)
}

/** The events of a kind. */
export const ofType =
  (type: string) =>
  (event: LoggedEvent): boolean =>
    event.type === type

/** Pieces of what the agent says. */
export const isPiece = ({ type, data }: LoggedEvent): boolean =>
  type === 'rpc' && JSON.stringify(data.payload).includes('agent_message_chunk')

/** Lets the followers come to the end, sends them away, and holds everything against the log. Answers its length. */
export async function settle({ server }: World, watched: Watched): Promise<number> {
  const { id, followers, prompts, terminals, resumed } = watched
  const { log, others } = await settledLog(server, watched)
  await Promise.all(followers.map((follower) => follower.stop()))
  assertSession({ sessionId: id, log, followers: others, prompts, terminals, resumed })
  return log.length
}

async function settledLog(server: ServerPlace, { id, followers }: Watched) {
  const { logs } = await getSession(server, id)
  await eventually(() => followers.every(({ cursor }) => cursor >= logs.length), patience)
  // What was stored after the first look has to be in both.
  const { logs: log } = await getSession(server, id)
  await eventually(() => followers.every(({ cursor }) => cursor >= log.length), patience)
  return { log, others: followers.map(({ name, seen }) => ({ name, seen: seen.slice(0, log.length) })) }
}
