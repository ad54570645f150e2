import { inspect } from 'node:util'
import { expect, it, vi } from 'vitest'
import type { PlatformAction, PlatformBot, PlatformResult } from '../port.js'
import { type TestSink, testSink } from './sink.js'
import type { PlatformSubject } from './subject.js'

/** What a case works with: the subject, a sink, and shorter words for what cases do most. */
export type Case = {
  subject: PlatformSubject
  bot: PlatformBot
  sink: TestSink
  perform(action: PlatformAction, signal?: AbortSignal): Promise<PlatformResult>
}

/** Registers cases, each on a subject of its own. After each: nobody was told a secret. */
export type Test = (name: string, run: (opened: Case) => Promise<void>) => void

export function testsOf(open: () => Promise<PlatformSubject>): Test {
  return (name, run) =>
    it(name, async ({ skip }) => {
      const subject = await open()
      const sink = testSink()
      const told: unknown[] = []
      const bot = watched(subject.bot, told)
      try {
        const ran = run({
          subject,
          bot,
          sink,
          perform: (action, signal = new AbortController().signal) => bot.perform(action, { signal }),
        })
        await ran.catch((error: unknown) => {
          if (error instanceof Missing) skip(error.message)
          throw error
        })
        const text = [sink.told(), ...[...told, ...subject.reported()].map(asText)].join('\n')
        for (const canary of subject.canaries()) expect(text.includes(canary), 'a secret got out').toBe(false)
      } finally {
        await subject.close()
      }
    })
}

class Missing extends Error {}

/** Skips the case with the reason, unless the condition holds. */
export function needs(condition: unknown, reason: string): asserts condition {
  if (!condition) throw new Missing(reason)
}

/** Waits for something that the platform and the bot do in their own time. */
export const eventually = async (check: () => unknown): Promise<void> => {
  await vi.waitFor(check, { timeout: 20_000, interval: 5 })
}

const asText = (value: unknown): string => inspect(value, { depth: 8, maxStringLength: 100_000 })

/** The bot, with everything that it answers and throws written down. */
function watched(bot: PlatformBot, told: unknown[]): PlatformBot {
  return new Proxy(bot, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        const answer: unknown = Reflect.apply(value, target, args)
        if (answer instanceof Promise)
          answer.then(
            (result) => told.push(result),
            (error: unknown) => told.push(error),
          )
        return answer
      }
    },
  })
}

/** The id of what was done. Fails the case when it was not. */
export function idOf(result: PlatformResult): string {
  if (result.outcome !== 'done' || result.messageId === undefined)
    throw new Error(`expected a message, not ${inspect(result)}`)
  return result.messageId
}
