import { describe } from 'vitest'
import { askingCases } from './conformance/asking.js'
import { testsOf } from './conformance/cases.js'
import { edgeCases } from './conformance/edge.js'
import { failingCases } from './conformance/failing.js'
import { forwardingCases } from './conformance/forwarding.js'
import { receivingCases } from './conformance/receiving.js'
import { richCases } from './conformance/rich.js'
import { sendingCases } from './conformance/sending.js'
import type { PlatformSubject } from './conformance/subject.js'

export type { Answering, Delivered, PlatformSubject, Shown, Writing } from './conformance/subject.js'

/**
 * The promises of `PlatformBot`. Run it for every driver, on a platform that the test arranges: `open` gives each case a bot and an
 * empty platform of its own. After every case the answers, errors, reports and everything that was delivered are searched for the
 * subject's canaries. Cases for what a platform does not have are skipped, and say why.
 */
export function platformConformance(name: string, open: () => Promise<PlatformSubject>): void {
  describe(`${name} keeps the promises of a platform`, () => {
    const test = testsOf(open)
    describe('sending', () => sendingCases(test))
    describe('files, buttons, threads', () => richCases(test))
    describe('receiving', () => receivingCases(test))
    describe('passing on', () => forwardingCases(test))
    describe('asking', () => askingCases(test))
    describe('failing', () => failingCases(test))
    describe('at the edge', () => edgeCases(test))
  })
}
