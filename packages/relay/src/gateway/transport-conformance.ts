// What every transport promises (contract 13.6). Optional members are tried where they are.

import { describe, expect } from 'vitest'
import { actionCases } from './conformance/actions.js'
import { connectingCases } from './conformance/connecting.js'
import { eventCases } from './conformance/events.js'
import { optionalCases } from './conformance/optional.js'
import type { TransportSubject } from './conformance/subject.js'

export type { TransportSubject } from './conformance/subject.js'

/** Runs all cases; `open` is called for each, and cleans up by itself. */
export function transportConformance(name: string, open: () => Promise<TransportSubject>): void {
  const connected = async () => {
    const subject = await open()
    expect(await subject.transport.connect()).toBe(true)
    await subject.transport.handshake()
    return subject
  }
  describe(`${name} keeps the promises of a transport`, () => {
    connectingCases({ open, connected })
    actionCases({ open, connected })
    eventCases({ open, connected })
    optionalCases({ open, connected })
  })
}
