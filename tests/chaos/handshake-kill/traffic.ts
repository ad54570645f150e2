import type { SessionInfo } from '@parley/handshake/client'
import { WebSocket } from 'ws'

/** What the server has told somebody was stored: values by key. */
export type Reported = Map<string, unknown>

/** A handshake, and how many batches and edits were sent to it so far; keys are never used twice. */
export type Subject = { session: SessionInfo; reported: Reported; sent: number }

type Send = (path: string, body: object, headers?: Record<string, string>) => Promise<Response>

const actionsABatch = 8

/** Sends JSON to a server; rejects when it dies meanwhile. */
export const sender =
  (url: string): Send =>
  (path, body, headers) =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })

export async function createSubject(send: Send): Promise<Subject> {
  const schema = [{ key: 'seed', type: 'string' }]
  const answer = await send('/handshake/session', { mode: 'form-fill', schema })
  if (answer.status !== 201 && answer.status !== 200) throw new Error(`create answered ${answer.status}`)
  return { session: (await answer.json()) as SessionInfo, reported: new Map(), sent: 0 }
}

/** One batch of an agent, streamed. What its answer calls applied counts as reported. */
export async function sendBatch(send: Send, subject: Subject, onReport: () => void): Promise<void> {
  const batch = ++subject.sent
  const keys = Array.from({ length: actionsABatch }, (_, index) => `agent-${batch}-${index}`)
  const actions = keys.map((key) => ({ type: 'set', key, value: `value of ${key}` }))
  const { actionUrl, token } = subject.session
  const answer = await send(
    actionUrl,
    { actions, stream: true, intervalMs: 2 },
    { 'x-handshake-token': token },
  )
  if (answer.status !== 200) throw new Error(`action answered ${answer.status}: ${await answer.text()}`)
  const { applied } = (await answer.json()) as { applied: string[] }
  for (const key of applied) subject.reported.set(key, `value of ${key}`)
  onReport()
}

/** One edit of the page. */
export async function sendEdit(send: Send, subject: Subject, onReport: () => void): Promise<void> {
  const key = `page-${++subject.sent}`
  const answer = await send(subject.session.notifyUrl, { key, value: `value of ${key}` })
  if (answer.status !== 200) throw new Error(`notify answered ${answer.status}: ${await answer.text()}`)
  subject.reported.set(key, `value of ${key}`)
  onReport()
}

/** The page's socket: each `action` frame it gets was reported, also in the middle of a batch. */
export async function watch(url: string, subject: Subject, onReport: () => void): Promise<void> {
  const socket = new WebSocket(url.replace('http', 'ws') + subject.session.wsUrl)
  socket.on('error', () => socket.terminate())
  await new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { type: string; key: string; value: unknown }
      if (frame.type === 'connected') resolve()
      if (frame.type !== 'action') return
      subject.reported.set(frame.key, frame.value)
      onReport()
    })
    socket.on('close', () => resolve())
  })
}
