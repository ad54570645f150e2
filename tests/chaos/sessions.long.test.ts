import { describe, expect, it } from 'vitest'
import { withSeed } from './seed.js'
import { killAgents } from './sessions/agent-kill.js'
import { killHosts } from './sessions/host-kill.js'
import { killServers } from './sessions/server-kill.js'

const rounds = 20

describe('in the middle of turns, twenty times', () => {
  it.each([
    ['the server', killServers],
    ['the host', killHosts],
    ['the agent', killAgents],
  ])('%s is killed: nothing is lost or doubled, and what can go on does', async (who, kill) => {
    const figures = await withSeed((seed) => kill({ rounds, seed }))

    console.info(`${who}: ${JSON.stringify(figures)}`)
    expect(figures.rounds).toBe(rounds)
  })
})
