import { type HelloFrame, type LinkedSession, linkLimits } from '../../protocol/index.js'
import type { SpoolExtent } from './resume-point.js'

/** What a host says of itself. */
export type HostIntroduction = {
  hostId: string
  name: string
  sessions: LinkedSession[]
  features?: readonly string[]
}

/** The first frame of a link, as JSON text. Directories are left out when they would make it too long. */
export function helloText(host: HostIntroduction, spool: SpoolExtent): string {
  const { hostId, name, sessions, features = [] } = host
  const frame: HelloFrame = {
    type: 'hello',
    v: 1,
    hostId,
    name,
    ...spool,
    sessions,
    features: [...features],
    limits: { frameBytes: linkLimits.frameBytes },
  }
  const text = JSON.stringify(frame)
  if (Buffer.byteLength(text) <= linkLimits.helloBytes) return text
  return JSON.stringify({ ...frame, sessions: sessions.map((session) => ({ ...session, cwd: '' })) })
}
