import type { SessionRow } from '../../store/port.js'

/** What every session begins with, whoever makes it: nobody has said or asked anything yet. */
export const newRow = {
  title: null,
  status: 'active',
  runtimeInfo: null,
  hostId: null,
  processing: false,
  autoApprove: false,
  queue: null,
  commands: [],
  callbackHash: '',
  callsBack: false,
  end: null,
} as const satisfies Partial<SessionRow>
