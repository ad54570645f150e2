import type { Stop, StreamId } from '../../ids/index.js'
import type { Log } from '../../log/index.js'
import type { Connection } from '../connection.js'
import type { Outlet } from '../outlet.js'
import type { Encode } from './entry.js'
import type { JoinCallbacks } from './member.js'
import { StreamFeed, type StreamFeedContext } from './stream-feed.js'

export type FeedOptions<Audience> = {
  log: Pick<Log, 'read' | 'tap'>
  /** The acceptor's, so that a socket's own messages and its events keep their order. */
  outlet: Outlet
  /**
   * The text of an event for the sockets of one audience, or undefined when they get none. Called once an event and
   * audience while the event is live, so it must not depend on the single socket.
   */
  encode: Encode<Audience>
  /** The same for signals; default: signals are not sent. */
  encodeSignal?(payload: string, audience: Audience): string | undefined
  limits?: FeedLimits
  /** Told of what `encode` or a callback throws and of failed reads. */
  onFault(error: unknown): void
}

/** How slow a socket may be is its acceptor's `slow`. */
export type FeedLimits = {
  /** Events a stream keeps in memory, with their frames; default 128. */
  recentEvents?: number
  /** And their bodies' length together; default 512 KiB. */
  recentBytes?: number
  /** Events read from the log at once; default 100. */
  pageSize?: number
}

export type JoinOptions<Audience> = JoinCallbacks & {
  /** The last number that the client has; default 0, everything. */
  after?: number
  audience: Audience
}

/** Streams of the log, pushed to many sockets, encoded once. */
export interface Feed<Audience> {
  /**
   * Sends a socket everything after `after`, calls `caughtUp`, then goes on live. Never skips and never repeats: a gap
   * is read again, a socket that is slow is fed from the log until it has caught up. A closed connection leaves by
   * itself. A connection may be in any number of streams.
   */
  join(stream: StreamId, connection: Connection, options: JoinOptions<Audience>): Stop
  /**
   * Sockets of this node that an event was handed to live. Known as soon as the log has told of the event and as long
   * as it is remembered (`recentEvents`); 0 otherwise.
   */
  deliveries(stream: StreamId, seq: number): number
  /** Sockets of this node that are in the stream. */
  count(stream: StreamId): number
  /** Forgets what is kept of a stream in memory: call it when bodies were blanked. */
  forget(stream: StreamId): void
}

export function createFeed<Audience = undefined>(options: FeedOptions<Audience>): Feed<Audience> {
  const streams = new Map<StreamId, StreamFeed<Audience>>()
  const context = toContext(options)

  const open = (stream: StreamId): StreamFeed<Audience> => {
    const known = streams.get(stream)
    if (known) return known
    const feed = new StreamFeed(stream, context, () => {
      if (streams.get(stream) === feed) streams.delete(stream)
    })
    streams.set(stream, feed)
    return feed
  }

  return {
    join: (stream, connection, { after = 0, audience, ...callbacks }) =>
      open(stream).join(connection, after, audience, callbacks),
    deliveries: (stream, seq) => streams.get(stream)?.deliveries(seq) ?? 0,
    count: (stream) => streams.get(stream)?.members.size ?? 0,
    forget: (stream) => streams.get(stream)?.forget(),
  }
}

function toContext<Audience>(options: FeedOptions<Audience>): StreamFeedContext<Audience> {
  const { log, outlet, encode, encodeSignal = () => undefined, limits = {}, onFault } = options
  const { recentEvents = 128, recentBytes = 512 * 1024, pageSize = 100 } = limits
  return {
    log,
    outlet,
    encode,
    encodeSignal,
    recent: { events: recentEvents, bytes: recentBytes },
    pageSize,
    onFault,
  }
}
