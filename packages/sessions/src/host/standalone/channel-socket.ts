// One connection of the channel protocol (section 3.2).
import type { Connection } from '@parley/kernel/socket'
import { isJsonObject } from '@parley/kernel/wire'
import type {
  HostRequest,
  HostResponse,
  TerminalSignal,
  WsChannelControlMessage,
} from '../../protocol/index.js'
import {
  channelsOfEvent,
  channelsOfLifecycle,
  parseChannel,
  tagOfEvent,
  tagOfTerminal,
} from '../../protocol/ws/channel-names.js'
import { WsChannelControlMessageSchema } from '../../protocol/ws/channels-zod.js'
import { eventFrame, lifecycleFrame, terminalFrame } from '../../protocol/ws/frames.js'
import { type CalledAction, refusalText, toCall } from './channel-actions.js'
import type { History, KeptEvent } from './history.js'

export type ChannelSocketOptions = {
  connection: Connection
  history: History
  answer(request: HostRequest): Promise<HostResponse>
  now(): number
}

export interface ChannelSocket {
  event(sessionId: string, event: KeptEvent): void
  terminal(signal: TerminalSignal): void
  lifecycle(type: 'session.created' | 'session.terminated', sessionId: string): void
}

const maxSubscriptions = 100

export function openChannelSocket({ connection, history, answer, now }: ChannelSocketOptions): ChannelSocket {
  const subscriptions = new Set<string>()
  const send = (message: object) => connection.send(JSON.stringify(message))
  const refuse = (message: string, channel?: string) =>
    send({ type: 'error', message, ...(channel && { channel }) })

  const event = (sessionId: string, { seq, text, event: inner }: KeptEvent, only?: ReadonlySet<string>) => {
    const channels = channelsOfEvent(sessionId, inner)
    if (only && !tagOfEvent(channels, only)) return
    const tag = tagOfEvent(channels, subscriptions)
    if (tag) connection.send(eventFrame(tag, sessionId, seq, text))
  }
  const terminal = (signal: TerminalSignal) => {
    const tag = tagOfTerminal(String(signal.event.data.terminalId), subscriptions)
    const frame = tag && terminalFrame(signal)
    if (frame) connection.send(frame)
  }

  const subscribe = async (channel: string, since = 0) => {
    const parsed = parseChannel(channel)
    if (!parsed) return refuse('Unknown channel', channel)
    if (!subscriptions.has(channel) && subscriptions.size >= maxSubscriptions)
      return refuse(`Max subscriptions (${maxSubscriptions}) exceeded`, channel)
    const isCut =
      parsed.of === 'terminals' ? await replayTerminals(channel, since) : replay(channel, parsed, since)
    send({ type: 'subscribed', channel, ...(isCut && { truncated: true }) })
  }
  // Nothing waits between the subscription and the end of the replay, so that nothing live comes in between.
  const replay = (channel: string, parsed: { of: string; sessionId?: string }, since: number): boolean => {
    subscriptions.add(channel)
    const only = new Set([channel])
    const ids = parsed.sessionId === undefined ? history.sessions() : [parsed.sessionId]
    const kept = ids.map((id) => ({ id, ...history.after(id, since) }))
    for (const { id, events } of kept) for (const one of events) event(id, one, only)
    return kept.some(({ isCut }) => isCut)
  }
  const replayTerminals = async (channel: string, since: number): Promise<boolean> => {
    let isCut = false
    for (let after = since; ; ) {
      const { body } = await answer({
        method: 'GET',
        path: '/terminals/events',
        query: { since: String(after) },
      })
      // The cast: the host's own answer.
      const page = body as { events?: TerminalSignal[]; truncated?: boolean; more?: boolean }
      isCut ||= page.truncated === true
      if (!page.more) subscriptions.add(channel)
      for (const signal of page.events ?? []) replayTerminal(channel, signal)
      after = page.events?.at(-1)?.seq ?? after
      if (!page.more) return isCut
    }
  }
  const replayTerminal = (channel: string, signal: TerminalSignal) => {
    const tag = tagOfTerminal(String(signal.event.data.terminalId), new Set([channel]))
    const frame = tag && terminalFrame(signal)
    if (frame) connection.send(frame)
  }
  const call = async (message: CalledAction) => {
    const { status, body } = await answer(toCall(message))
    if (status < 400) return
    const text = refusalText(message, status, errorOf(body))
    if (text !== undefined) refuse(text)
  }
  const show = async (sessionId: string, type: 'filesystem.snapshot' | 'file.preview', path?: string) => {
    const room = type === 'file.preview' ? 'files' : 'fs/tree'
    const { status, body } = await answer({
      method: 'GET',
      path: `/sessions/${encodeURIComponent(sessionId)}/${room}`,
      ...(path !== undefined && { query: { path } }),
    })
    if (status >= 400 || !isJsonObject(body)) return refuse(errorOf(body))
    const data = type === 'file.preview' ? { path: body.path, content: body.content } : { snapshot: body }
    const text = JSON.stringify({ type, data, timestamp: new Date(now()).toISOString() })
    connection.send(eventFrame(`session:${sessionId}:fs`, sessionId, 0, text))
  }
  const act = (message: WsChannelControlMessage): void | Promise<void> => {
    switch (message.action) {
      case 'ping':
        return send({ type: 'pong' })
      case 'subscribe':
        return subscribe(message.channel, message.since)
      case 'unsubscribe':
        subscriptions.delete(message.channel)
        return send({ type: 'unsubscribed', channel: message.channel })
      case 'fs.snapshot':
        return show(message.sessionId, 'filesystem.snapshot', message.path)
      case 'file.preview':
        return show(message.sessionId, 'file.preview', message.path)
      default:
        return call(message)
    }
  }

  let line = Promise.resolve()
  send({ type: 'connected', connectionId: `ws-${connection.id}` })
  connection.onMessage((text) => {
    const message = parse(text)
    if (typeof message === 'string') return refuse(message)
    // One after the other: keystrokes must not overtake each other.
    line = line.then(() => act(message)).catch((error: unknown) => refuse(String(error)))
    return line
  })
  return {
    event: (sessionId, kept) => event(sessionId, kept),
    terminal,
    lifecycle: (type, sessionId) => {
      if (tagOfEvent(channelsOfLifecycle(sessionId), subscriptions))
        connection.send(lifecycleFrame(type, sessionId))
    },
  }
}

/** The message, or what is wrong with it. */
function parse(text: string): WsChannelControlMessage | string {
  try {
    const parsed = WsChannelControlMessageSchema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : 'Invalid message'
  } catch {
    return 'Invalid message'
  }
}

const errorOf = (body: unknown): string => (isJsonObject(body) ? String(body.error) : 'Request failed')
