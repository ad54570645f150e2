import { eventually } from '@parley/testkit'
import type { Answer, Stage } from './stage.js'

// biome-ignore lint/suspicious/noExplicitAny: tests look into events as clients do.
export type Event = { type: string; data: any; timestamp: string }

/** What tests of turns and queues do again and again, on the stage that is open when they do it. */
export function prompting(stage: () => Stage) {
  const call = (method: string, path: string, body?: unknown): Promise<Answer> =>
    stage().call(method, `/agents/${path}`, body)
  const status = async (id: string) => (await call('GET', `${id}/status`)).body
  const queue = async (id: string) => (await call('GET', `${id}/queue`)).body
  const read = async (id: string) => (await call('GET', id)).body
  const logs = async (id: string): Promise<Event[]> => (await read(id)).logs
  return {
    call,
    status,
    queue,
    read,
    logs,
    /** A session in the middle of a turn, which ends when it is cancelled. */
    busy: async () => {
      const id = await stage().session()
      const turn = stage().prompt(id, 'wait')
      await eventually(async () => (await status(id)).processing)
      return { id, turn }
    },
    /** Cancels the running turn and waits until nothing runs or waits. */
    finish: async (id: string) => {
      await call('POST', `${id}/cancel`)
      await eventually(async () => {
        const { processing, size } = await queue(id)
        return !processing && size === 0
      })
    },
    /** The texts that the agent was given so far. */
    prompts: async (id: string): Promise<string[]> =>
      (await logs(id))
        .filter(({ data }) => data.method === 'session/prompt' && data.phase === 'request')
        .map(({ data }) => data.payload.prompt[0].text),
  }
}
