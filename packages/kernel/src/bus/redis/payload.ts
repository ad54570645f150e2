// A packet on a channel: a line that says who sends it, then its messages.
import type { NodeId } from '../../ids/index.js'
import type { BusMessage } from '../message.js'
import { packetText, parseJson, readPacket } from '../packet.js'

export const toPayload = (node: NodeId, messages: readonly string[]): string =>
  `${JSON.stringify(node)}\n${packetText(messages)}`

/** Undefined for what somebody else sent on our channel. */
export function readPayload(payload: string): { from: NodeId; messages: BusMessage[] } | undefined {
  const end = payload.indexOf('\n')
  const from = parseJson(payload.slice(0, Math.max(end, 0)))
  return typeof from === 'string' ? { from, messages: readPacket(payload.slice(end + 1)) } : undefined
}
