// What the scripted agent does with a prompt, by its first word.

import type { FakeSession } from './session.js'

/** How a turn ended; a failure is an agent's JSON-RPC error. */
export type FakeTurnEnd = { stopReason: string } | { failure: string }

type Turn = (session: FakeSession, rest: string) => Promise<FakeTurnEnd>

const done: FakeTurnEnd = { stopReason: 'end_turn' }

const words: Readonly<Record<string, Turn>> = {
  echo: async (session, rest) => {
    session.say(rest)
    return done
  },
  chunks: async (session, rest) => {
    for (let n = 1; n <= Number(rest); n++) session.say(String(n))
    return done
  },
  ask: async (session) => {
    session.say(JSON.stringify(await session.ask()))
    return done
  },
  wait: (session) => session.cancelled().then(() => ({ stopReason: 'cancelled' })),
  fail: async (_session, rest) => ({ failure: rest || 'it failed' }),
  tree: async (session) => {
    session.tell('filesystem.snapshot', { snapshot: { root: '/workspace', entries: [] } })
    session.tell('filesystem.changed', { changes: [{ path: 'a', type: 'added' }] })
    return done
  },
  exit: async (session, rest) => {
    session.end(Number(rest) || 0)
    return { failure: 'the agent ended' }
  },
}

/** `echo TEXT`, `chunks N`, `ask`, `wait`, `tree`, `fail TEXT`, `exit CODE`; everything else is echoed. */
export function runTurn(session: FakeSession, text: string): Promise<FakeTurnEnd> {
  const space = text.indexOf(' ')
  const word = space < 0 ? text : text.slice(0, space)
  const turn = Object.hasOwn(words, word) ? words[word] : undefined
  return turn ? turn(session, space < 0 ? '' : text.slice(space + 1)) : words.echo!(session, text)
}
