// A suite that cannot go red is worth nothing: here it meets a server that is wrong in known ways.
// proves: handshake.h44
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checks, type Report, runChecks, toTable } from '../index.js'
import { type BrokenServer, startBrokenServer } from './broken-server.js'
import { base, hardening } from './check.js'
import { runAll } from './run.js'

// What the broken server gets wrong, and the checks that must say so.
const red = {
  'answers a token that is too short': 'H-01.1',
  'hands out one id and token to everybody': 'H-01.9',
  'never asks for the token': 'H-04.5',
  'lets the agent overwrite the user': 'H-05.14',
  'takes a text for an int': 'H-06.3',
  'answers unknown routes with HTML': 'H-32.20',
  'takes a list for a body': 'H-32.10',
  'has no channel': 'H-19.1',
  'lets every origin create': 'H-30.3',
  'never limits': 'H-17.1',
  'lets answers be cached': 'H-01.30',
}

describe('the compliance runner', () => {
  let server: BrokenServer
  let report: Report

  beforeAll(async () => {
    server = await startBrokenServer()
    const only = [...Object.values(red), 'H-02.1', 'H-05.7', 'H-16.1', 'H-38.1']
    report = await runChecks({ url: server.url, only })
  })
  afterAll(() => server.stop())

  const resultOf = (id: string) => report.results.find((result) => result.id === id)

  for (const [fault, id] of Object.entries(red)) {
    test(`${id} is red on a server that ${fault}`, () => {
      expect(resultOf(id)).toMatchObject({ status: 'red', detail: expect.stringMatching(/./) })
    })
  }

  test('a promise that the broken server keeps is green', () => {
    expect(resultOf('H-02.1')).toMatchObject({ status: 'green', detail: '' })
  })

  test('a check that cannot be asked says why', () => {
    expect(resultOf('H-16.1')).toMatchObject({
      status: 'n/a',
      detail: 'no short-lived instance given (--short URL)',
    })
    expect(resultOf('H-05.7')).toMatchObject({ status: 'n/a', detail: 'the server has no conformance hooks' })
    expect(resultOf('H-38.1')).toMatchObject({ status: 'n/a' })
  })

  test('the report counts, and the table shows each line', () => {
    expect(report.totals).toEqual({ green: 1, red: Object.keys(red).length, 'n/a': 3 })
    expect(toTable(report)).toContain(`1 green, ${Object.keys(red).length} red, 3 n/a`)
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  })
})

describe('choosing checks', () => {
  const ran: string[] = []
  const note = (id: string) => async () => void ran.push(id)
  const few = [
    base('H-01.1', 'a', note('H-01.1')),
    hardening('H-01.2', 'b', note('H-01.2')),
    base('H-02.1', 'c', note('c')),
  ]

  test('a feature chooses its checks, a kind narrows further', async () => {
    const report = await runAll(few, { url: 'http://localhost:1', only: ['H-01'], kind: 'hardening' })

    expect(report.results.map(({ id }) => id)).toEqual(['H-01.2'])
    expect(ran).toEqual(['H-01.2'])
  })

  test('a server that is not there makes everything red and ends', async () => {
    const report = await runChecks({ url: 'http://127.0.0.1:9', only: ['H-01', 'H-19'], parallel: 8 })

    expect(report.totals.green + report.totals['n/a']).toBe(0)
    expect(report.results.length).toBeGreaterThan(30)
  })

  test('no two checks share an id', () => {
    const ids = checks.map(({ id }) => id)

    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })

  test('every black-box feature has a check', () => {
    const features = new Set(checks.map(({ feature }) => feature))
    const numbers = [
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 26, 27, 28, 29,
    ]
    const wanted = [...numbers, 30, 31, 32, 33, 34, 35, 36, 38, 45].map(
      (n) => `H-${String(n).padStart(2, '0')}`,
    )

    expect(wanted.filter((feature) => !features.has(feature))).toEqual([])
  })
})
