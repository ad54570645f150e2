// A host's sessions in a process of their own, to be killed: prints every event as a line of JSON.

import { join } from 'node:path'
import { systemClock as clock } from '@parley/kernel/ids'
import type { HostEvent } from '../port.js'
import { createAgentTerminals } from '../terminal/index.js'
import { openHostSessions } from './open-sessions.js'

type Told = { dir: string; demoAgent: string; args: string[]; prompts: string[] }

async function main({ dir, demoAgent, args, prompts }: Told): Promise<void> {
  const events = {
    emit: ({ type, data }: HostEvent) => void process.stdout.write(`${JSON.stringify({ type, data })}\n`),
    signal: () => undefined,
    room: () => undefined,
    synced: async () => undefined,
  }
  const { routes } = await openHostSessions({
    dataDir: join(dir, 'data'),
    events,
    openTerminals: createAgentTerminals({ events, clock }).open,
    onFault: (error) => console.error(error),
  })
  const post = async (verb: string, body: unknown) => {
    const path = `/sessions/:id/${verb}`
    const route = routes.find(([method, pattern]) => method === 'POST' && pattern === path)
    await route?.[2]({ method: 'POST', path, body, params: { id: 's1' } })
  }
  await post('start', { command: process.execPath, args: [demoAgent, ...args], workspace: dir })
  for (const text of prompts) await post('prompt', { text })
  // Stays until it is killed.
  setInterval(() => undefined, 60_000)
}

const [, , told] = process.argv
// The cast: the test that starts this wrote it.
if (told) await main(JSON.parse(told) as Told)
