import { strict as assert } from 'node:assert'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ask, getSession, untilIdle } from './api.js'
import { agentOf, isRunning } from './processes.js'
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
  /** Rounds in which the turn that talks had not ended for its followers when the server was killed. */
  inTheMiddle: number
  seconds: number
}

/** A program in the build; tests run on the sources. */
const ticker = join(fileURLToPath(import.meta.url), '../ticker/main.js').replace(
  '/tests/chaos/',
  '/tests/dist/chaos/',
)
const chunks = 2_000
const longestDownMs = 1_500

/** One session for each thing that may be under way. */
type Cast = { talking: Watched; asking: Watched; running: Watched; veteran: Watched; stopFile: string }

/** Kills the server in the middle of turns, again and again. Throws what did not hold. */
export function killServers({ rounds, seed }: { rounds: number; seed: number }): Promise<Figures> {
  const began = performance.now()
  return inWorld(seed, async (world) => {
    const figures = { rounds, events: 0, inTheMiddle: 0, seconds: 0 }
    const veteran = await openSession(world, 'without')
    for (let round = 1; round <= rounds; round++) {
      const cast = await begin(world, veteran, round)
      figures.inTheMiddle += await killAndReturn(world, cast)
      figures.events += await end(world, cast)
    }
    figures.events += await settle(world, veteran)
    figures.seconds = Math.round((performance.now() - began) / 100) / 10
    return figures
  })
}

/** Everything is under way when it resolves: questions are open, prompts wait, a program runs. */
async function begin(world: World, veteran: Watched, round: number): Promise<Cast> {
  const [talking, asking, running] = await Promise.all([
    openSession(world, 'without'),
    openSession(world, 'without'),
    openSession(world, 'without'),
  ])
  const stopFile = join(world.workspace, `stop-${round}`)
  prompt(world, asking, 'ask 3')
  await untilSeen(asking, 3, ofType('permission_request'))
  for (const text of ['echo first', 'chunks 50']) {
    prompt(world, asking, text)
    await untilSeen(asking, asking.prompts.length - 1, ofType('queue.updated'))
  }
  prompt(world, running, `run ${process.execPath} ${ticker} ${stopFile}`)
  await untilSeen(running, 1, ofType('terminal.data'))
  prompt(world, veteran, 'chunks 100')
  prompt(world, talking, `chunks ${chunks} 300 1`)
  return { talking, asking, running, veteran, stopFile }
}

/** 1 when the talking turn had not ended for its followers. */
async function killAndReturn({ server, random }: World, { talking }: Cast): Promise<0 | 1> {
  await untilSeen(talking, 1 + random.below(chunks - 500), isPiece)
  const from = server.url
  await server.kill()
  const isInTheMiddle = talking.followers.some((follower) => follower.count(isPiece) < chunks)
  await sleep(random.below(longestDownMs))
  await server.start()
  assert.notEqual(server.url, from)
  return isInTheMiddle ? 1 : 0
}

async function end(world: World, cast: Cast): Promise<number> {
  const { server, hostDir } = world
  const { talking, asking, running, veteran, stopFile } = cast
  const all = [talking, asking, running, veteran]
  await assertGoesOn(world, cast)
  await writeFile(stopFile, '')
  await answerAll(world, asking)
  for (const watched of all) await untilIdle(server, watched.id)
  await keepTicks(world, running)
  for (const watched of all) await say(world, watched, 'echo after')
  for (const { id, agent } of all) assert.deepEqual(agentOf(hostDir, id), agent, 'another agent')
  let events = 0
  for (const watched of [talking, asking, running]) {
    events += await settle(world, watched)
    await ask(server, 'DELETE', `/agents/${watched.id}`)
    assert(!isRunning(watched.agent), 'the agent is still there')
  }
  return events
}

/** The server says of each session what is so. */
async function assertGoesOn({ server }: World, { talking, asking, running, veteran }: Cast): Promise<void> {
  const listed = await ask<{ id: string; status: string }[]>(server, 'GET', '/agents')
  for (const { id } of [talking, asking, running, veteran])
    assert.equal(listed.find((session) => session.id === id)?.status, 'active', `${id} is not active`)
  assert.deepEqual(await ask(server, 'GET', `/agents/${asking.id}/status`), {
    processing: true,
    pendingPermission: true,
  })
  assert.deepEqual(await ask(server, 'GET', `/agents/${running.id}/status`), {
    processing: true,
    pendingPermission: false,
  })
}

/** Allows what was asked before the server was killed. */
async function answerAll({ server }: World, { id }: Watched): Promise<void> {
  const { logs, pendingPermission } = await getSession(server, id)
  const requested = logs.filter(ofType('permission_request')).map(({ data }) => String(data.requestId))
  assert.equal(pendingPermission?.requestId, requested[0])
  for (const requestId of requested)
    await ask(server, 'POST', `/agents/${id}/permissions/${requestId}`, { optionId: 'allow' })
}

/** Lines without a gap from the first on: what the program wrote. */
async function keepTicks({ server }: World, running: Watched): Promise<void> {
  const { logs } = await getSession(server, running.id)
  const output = logs.filter(ofType('terminal.data')).map(({ data }) => String(data.data))
  const lines = output.join('').trim().split(/\r?\n/)
  running.terminals.push(lines.map((_, index) => `tick ${index + 1}\n`).join(''))
}
