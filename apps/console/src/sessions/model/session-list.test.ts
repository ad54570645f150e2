import type { Session } from '@parley/sessions/protocol'
import { describe, expect, it } from 'vitest'
import { changesList, groupSessions, type ListedSession, matches, titleOf } from './session-list.js'

describe('the list of sessions', () => {
  it('shows what needs somebody first, then what works, what waits, and what ended', () => {
    const groups = groupSessions([
      listed({ id: 'ended', status: 'killed' }),
      listed({ id: 'idle' }),
      listed({ id: 'works', promptQueue: { processing: true, paused: false, items: [], size: 0 } }),
      listed({ id: 'asks', promptQueue: { processing: true, paused: false, items: [], size: 0 } }, 2),
    ])

    expect(groups.map(({ state, sessions }) => [state, sessions.map(({ session }) => session.id)])).toEqual([
      ['asks', ['asks']],
      ['working', ['works']],
      ['idle', ['idle']],
      ['ended', ['ended']],
    ])
  })

  it('has what changed last on top of its group', () => {
    const [group] = groupSessions([
      listed({ id: 'old', lastUpdatedAt: '2026-01-01T00:00:00Z' }),
      listed({ id: 'new', lastUpdatedAt: '2026-01-02T00:00:00Z' }),
    ])

    expect(group?.sessions.map(({ session }) => session.id)).toEqual(['new', 'old'])
  })

  it('a question of one that ended waits for nobody', () => {
    expect(groupSessions([listed({ status: 'killed' }, 1)]).map(({ state }) => state)).toEqual(['ended'])
  })

  it('is searched by title, agent and directory', () => {
    const one = listed({ title: 'Fix the login', agentName: 'Codex', cwd: '/srv/shop' })

    expect(['LOGIN codex', 'shop', ''].map((words) => matches(one, words))).toEqual([true, true, true])
    expect(matches(one, 'login claude')).toBe(false)
  })

  it('names a session without a title after its agent', () => {
    expect(titleOf({ agentName: 'Codex', title: ' ' })).toBe('New session with Codex')
  })
})

describe('events', () => {
  it.each([
    ['rpc', { method: 'session/prompt' }, true],
    ['rpc', { method: 'session/update' }, false],
    ['permission_request', {}, true],
    ['queue.updated', {}, true],
    ['session.terminated', {}, true],
    ['terminal.data', {}, false],
    ['filesystem.changed', {}, false],
  ])('%s %o changes the list: %s', (type, data, expected) => {
    expect(changesList({ type, data })).toBe(expected)
  })
})

function listed(more: Partial<Session>, openQuestions = 0): ListedSession {
  const session: Session = {
    id: 's',
    agentName: 'Demo agent',
    spawn: { command: 'node', args: [] },
    startedAt: '2026-01-01T00:00:00Z',
    lastUpdatedAt: '2026-01-01T00:00:00Z',
    status: 'active',
    logs: [],
    pendingPermission: null,
    fileSystem: null,
    promptQueue: null,
    ...more,
  }
  return { session, openQuestions }
}
