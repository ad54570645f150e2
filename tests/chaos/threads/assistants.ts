import { setTimeout as sleep } from 'node:timers/promises'
import { type AssistantHandler, text } from '@parley/threads'

/** Assistants of the nodes that are killed: both take long enough to be caught in the middle. */
export const handlers: Readonly<Record<string, AssistantHandler>> = {
  echo: async function* (ctx, send) {
    const [latest] = await ctx.events({ limit: 1, types: ['message'] })
    yield send.reasoning('reading')
    yield send.message(pieces(`echo of ${latest?.id}`, ctx.signal))
  },
  slow: async function* (ctx, send) {
    yield send.reasoning('started')
    await sleep(800, undefined, { signal: ctx.signal })
    yield send.message([text('slow done')])
  },
}

async function* pieces(words: string, signal: AbortSignal): AsyncGenerator<string> {
  for (const word of words.split(' ')) {
    await sleep(40, undefined, { signal })
    yield `${word} `
  }
}
