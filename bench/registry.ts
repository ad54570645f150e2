import { appendPostgres } from './append/append-postgres.js'
import { appendSqlite } from './append/append-sqlite.js'
import { appendWithRow } from './append/append-with-row.js'
import { slowDisk } from './append/slow-disk.js'
import { fanOut } from './fan-out/fan-out.js'
import { historyGrowth } from './history/history-growth.js'
import { handshakeAction } from './http/handshake-action.js'
import { handshakeContext } from './http/handshake-context.js'
import type { Benchmark } from './lib/context.js'
import { relayDrain } from './relay/drain.js'
import { relayGateways } from './relay/gateways.js'
import { relayInbound } from './relay/inbound.js'
import { relayOutbound, relayTyping } from './relay/outbound.js'
import { relayWebhook } from './relay/webhook.js'
import { sessionsIdle } from './sessions/idle.js'
import { sessionsPrompt } from './sessions/prompt.js'
import { sessionsReplay } from './sessions/replay.js'
import { sessionsTerminal } from './sessions/terminal.js'
import { sessionsUpdates } from './sessions/updates.js'
import { idleSockets } from './sockets/idle-sockets.js'
import { threadsIdleMembers } from './threads/idle-members.js'
import { threadsLastPage } from './threads/last-page.js'
import { threadsResume } from './threads/resume.js'
import { threadsRooms } from './threads/rooms.js'

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  handshakeContext,
  handshakeAction,
  appendPostgres,
  appendSqlite,
  appendWithRow,
  slowDisk,
  fanOut,
  idleSockets,
  historyGrowth,
  threadsRooms,
  threadsResume,
  threadsLastPage,
  threadsIdleMembers,
  sessionsUpdates,
  sessionsPrompt,
  sessionsTerminal,
  sessionsIdle,
  sessionsReplay,
  relayOutbound,
  relayTyping,
  relayInbound,
  relayWebhook,
  relayGateways,
  relayDrain,
]
