// Packets of messages as notifications. A payload has at most 8,000 bytes, so a long packet travels in parts.
import type { NodeId } from '../../ids/index.js'
import { packetText, parseJson } from '../packet.js'

/** Most bytes of one payload, below the server's limit. */
export const maxFrameBytes = 7_900

/**
 * The payloads of one packet. Each begins with a line that says who sends it, the packet's number and which part this
 * is; the number also keeps equal payloads apart, of which the server would deliver only one.
 */
export function toFrames(node: NodeId, packet: number, messages: readonly string[]): string[] {
  const bytes = Buffer.from(packetText(messages))
  const room = maxFrameBytes - Buffer.byteLength(headerOf(node, packet, 9_999, 9_999))
  const cuts = [0]
  for (let at = 0; at < bytes.length; cuts.push(at)) at = cutBefore(bytes, Math.min(at + room, bytes.length))
  return cuts.slice(1).map((end, part) => {
    const chunk = bytes.toString('utf8', cuts[part], end)
    return headerOf(node, packet, part, cuts.length - 1) + chunk
  })
}

function headerOf(node: NodeId, packet: number, part: number, parts: number): string {
  return `${JSON.stringify([node, packet, part, parts])}\n`
}

/** The last place at or before `at` that is not inside a character. */
function cutBefore(bytes: Uint8Array, at: number): number {
  let cut = at
  while (cut < bytes.length && (bytes[cut]! & 0xc0) === 0x80) cut -= 1
  return cut
}

export type Frame = { node: NodeId; packet: number; part: number; parts: number; chunk: string }

/** A frame from its payload; undefined for what somebody else sent on our channel. */
export function readFrame(payload: string): Frame | undefined {
  const end = payload.indexOf('\n')
  const header = parseJson(payload.slice(0, Math.max(end, 0)))
  if (!Array.isArray(header)) return undefined
  const [node, packet, part, parts] = header as unknown[]
  if (typeof node !== 'string' || !isCount(packet) || !isCount(part) || !isCount(parts)) return undefined
  return part < parts ? { node, packet, part, parts, chunk: payload.slice(end + 1) } : undefined
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
