import { describe, expect, it } from 'vitest'
import { withSeed } from './seed.js'
import { killAgents } from './sessions/agent-kill.js'
import { killHosts } from './sessions/host-kill.js'
import { killServers } from './sessions/server-kill.js'

const rounds = 3

describe('in the middle of turns', () => {
  // proves: sessions.s61, sessions.s85
  it('a server that is killed has the whole history afterwards, once, and no agent has noticed', async () => {
    const figures = await withSeed((seed) => killServers({ rounds, seed }))

    expect(figures.inTheMiddle).toBeGreaterThan(0)
  }, 300_000)

  // proves: sessions.s62
  it('a host that is killed is started again: what can go on does, the rest ends, and no process is left', async () => {
    const figures = await withSeed((seed) => killHosts({ rounds, seed }))

    expect(figures.rounds).toBe(rounds)
  }, 300_000)

  it('an agent that is killed is started again if it can go on, and its session ends if not', async () => {
    const figures = await withSeed((seed) => killAgents({ rounds, seed }))

    expect(figures.rounds).toBe(rounds)
  }, 300_000)
})
