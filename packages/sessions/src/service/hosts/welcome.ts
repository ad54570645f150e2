import { linkLimits, linkVersion, type SpoolPosition, type WelcomeFrame } from '../../protocol/index.js'

/** The frame that lets a host begin, as JSON text. `now`: milliseconds since 1970. */
export function welcomeText({
  linkId,
  acked,
  now,
}: {
  linkId: string
  acked: SpoolPosition
  now: number
}): string {
  const { frameBytes, unackedEvents, unackedBytes, heartbeatMs } = linkLimits
  const frame: WelcomeFrame = {
    type: 'welcome',
    v: linkVersion,
    linkId,
    acked,
    heartbeatSeconds: heartbeatMs / 1_000,
    limits: { frameBytes, unackedEvents, unackedBytes },
    time: new Date(now).toISOString(),
  }
  return JSON.stringify(frame)
}
