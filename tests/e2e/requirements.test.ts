import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root, textOf } from '../architecture/checkout.js'
import { checks } from '../compliance/index.js'
import { findCitations } from './citations.js'
import { knownFailures, unproven } from './known.js'
import { compare } from './ledger.js'
import type { Requirement } from './requirements/requirement.js'
import { requirements } from './requirements.js'
import { handshakeScenarios, requirementOf } from './scenarios.js'

const promise: Requirement = { source: 'docs/protocol/x.md#y', says: 'It works.' }

describe('the comparison of promises and tests', () => {
  test('a promise without a test is found', () => {
    expect(compare({ 'x.a': promise }, [], {}).withoutScenario).toEqual(['x.a'])
  })

  test('a citation of something unknown is found', () => {
    expect(compare({}, [{ id: 'x.b', file: 'f.test.ts' }], {}).unknownCitations).toEqual(['x.b in f.test.ts'])
  })

  test('a gap that is no gap any more is found', () => {
    const ledger = compare({ 'x.a': promise }, [{ id: 'x.a', file: 'f' }], { 'x.a': 'why', 'x.c': 'why' })

    expect(ledger).toMatchObject({ provenByNow: ['x.a'], unknownGaps: ['x.c'], withoutScenario: [] })
  })
})

describe('the requirements manifest', () => {
  const scenarios = handshakeScenarios
    .filter(({ id }) => !Object.hasOwn(knownFailures, id))
    .map((check) => ({ id: requirementOf(check), file: `compliance check ${check.id}` }))
  const ledger = compare(requirements, [...scenarios, ...findCitations()], unproven)

  test('every promise is proven by a test, or listed as unproven with a reason', () => {
    expect(ledger.withoutScenario).toEqual([])
  })

  test('every citation names a promise', () => {
    expect(ledger.unknownCitations).toEqual([])
  })

  test('nothing is listed as unproven that a test proves', () => {
    expect({ provenByNow: ledger.provenByNow, unknown: ledger.unknownGaps }).toEqual({
      provenByNow: [],
      unknown: [],
    })
  })

  test('every known failure is a check of the suite', () => {
    const ids = new Set(checks.map(({ id }) => id))

    expect(Object.keys(knownFailures).filter((id) => !ids.has(id))).toEqual([])
  })

  test('every source is a heading of its page, once the page exists', ({ skip }) => {
    const pages = Object.entries(requirements).filter(([, { source }]) =>
      existsSync(join(root, pageOf(source))),
    )
    if (pages.length === 0) return skip('no protocol page is written yet')

    const lost = pages.filter(([, { source }]) => !headingsOf(pageOf(source)).has(source.split('#')[1] ?? ''))
    expect(lost.map(([id, { source }]) => `${id}: ${source}`)).toEqual([])
  })
})

const pageOf = (source: string) => source.split('#')[0] ?? ''

/** Headings as the link targets that Markdown renderers make of them. */
function headingsOf(page: string): Set<string> {
  const headings = textOf(page).matchAll(/^#+\s+(.+)$/gm)
  return new Set([...headings].map(([, text = '']) => toAnchor(text)))
}

function toAnchor(heading: string): string {
  const words = heading.toLowerCase().replace(/[^\p{L}\p{N}\s-]/gu, '')
  return words.trim().replace(/\s+/g, '-')
}
