import type { ServerProcess } from './server-process.js'

/** A change as the stream of its handshake has it. */
export type Change = { n: number; key: string; value: unknown }

type Event = { seq: number; type: string; body: Change }

/** Every event of a handshake, read as the console does, up to "caught up". */
export async function readEvents({ url, token }: ServerProcess, id: string): Promise<Event[]> {
  const ending = new AbortController()
  const answer = await fetch(`${url}/parley/v1/handshakes/${id}/events?after=0`, {
    headers: { authorization: `Bearer ${token}` },
    signal: ending.signal,
  })
  if (!answer.ok || !answer.body) throw new Error(`events answered ${answer.status}`)
  const events: Event[] = []
  let text = ''
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.includes('event: caught_up')) break
  }
  for (const block of text.split('\n\n')) if (/^event: event$/m.test(block)) events.push(dataOf(block))
  return events
}

/** Those of them that changed a value, in their order. */
export const changesOf = (events: readonly Event[]): Change[] =>
  events.filter(({ type }) => type === 'field.set' || type === 'field.edited').map(({ body }) => body)

function dataOf(block: string): Event {
  const line = block.split('\n').find((candidate) => candidate.startsWith('data: '))
  return JSON.parse(line?.slice('data: '.length) ?? '') as Event
}
