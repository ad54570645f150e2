import { describe, expect, test } from 'vitest'
import { people } from '../../plane.test.support.js'
import { text } from '../../protocol/index.js'
import { type Wire, event as wireEvent } from '../fake-server.test.support.js'
import { readEvent } from '../received.js'
import type { AnyThreadEvent, MessageItem, ToolItem } from '../types.js'
import { foldTimeline, Timeline } from './timeline.js'

const event = (seq: number, more: object = {}): AnyThreadEvent => readEvent(wireEvent(seq, more))
const edited = (seq: number, target: number, words: string) =>
  event(seq, { type: 'message.edited', target_id: `evt_${target}`, content: [text(words)] })
const deleted = (seq: number, target: number) =>
  event(seq, { type: 'message.deleted', target_id: `evt_${target}` })
const call = (seq: number, more: object = {}) =>
  event(seq, {
    type: 'tool.call',
    run_id: 'run_1',
    tool: { id: 'call_1', name: 'search', arguments: 1 },
    ...more,
  })
const asking = (seq: number, more: object = {}) => call(seq, { metadata: { approval: 'required' }, ...more })
const decided = (seq: number, verb: string, target: number, more: object = {}) => {
  const about = { target_id: `evt_${target}`, tool: { id: 'call_1' } }
  return event(seq, { type: `tool.${verb}`, ...about, author: people.alice, ...more })
}
const form = (more: object = {}) => ({ type: 'form', form_id: 'f', schema: {}, status: 'pending', ...more })
const answer = (seq: number, to: number, more: object[] = []) =>
  event(seq, {
    content: [form({ status: 'submitted', answers_event_id: `evt_${to}`, values: { a: 1 } }), ...more],
  })

describe('messages', () => {
  test('say what they were edited to last', () => {
    expect(foldTimeline([event(1), edited(2, 1, 'one'), event(3), edited(4, 1, 'two')])).toMatchObject([
      { kind: 'message', key: 'evt_1', content: [text('two')], isEdited: true, isDeleted: false },
      { kind: 'message', key: 'evt_3', content: [text('3')], isEdited: false },
    ])
  })

  test('say nothing when they were deleted, whatever comes after', () => {
    expect(foldTimeline([event(1), edited(2, 1, 'one'), deleted(3, 1), edited(4, 1, 'late')])).toMatchObject([
      { content: [], isEdited: true, isDeleted: true },
    ])
  })

  test('that are not here are neither edited nor deleted', () => {
    expect(foldTimeline([edited(5, 1, 'one'), deleted(6, 2), event(7)])).toMatchObject([{ key: 'evt_7' }])
  })
})

describe('answers to forms', () => {
  test('are shown where was asked', () => {
    const items = foldTimeline([event(1, { content: [text('?'), form()] }), answer(2, 1)])

    expect(items).toHaveLength(1)
    expect((items[0] as MessageItem).answers.f?.id).toBe('evt_2')
  })

  test('are messages as well where they say more, come second, or answer what is not here', () => {
    const asked = event(1, { content: [form()] })
    const items = foldTimeline([asked, answer(2, 1, [text('done')]), answer(3, 1), answer(4, 99)])

    expect(items.map(({ key }) => key)).toEqual(['evt_1', 'evt_2', 'evt_3', 'evt_4'])
    expect((items[0] as MessageItem).answers.f?.id).toBe('evt_2')
  })

  test('are waited for no longer when the form has expired', () => {
    const expired = event(2, { type: 'form.expired', target_id: 'evt_1', form_id: 'f' })

    expect(foldTimeline([event(1, { content: [form()] }), expired])).toMatchObject([{ expiredForms: ['f'] }])
  })

  test('lose what they said when they are deleted', () => {
    const items = foldTimeline([event(1, { content: [form()] }), answer(2, 1), deleted(3, 2)])

    expect((items[0] as MessageItem).answers.f).toMatchObject({ id: 'evt_2', content: [] })
  })
})

describe('calls of tools', () => {
  const result = (seq: number, more: object = {}) =>
    event(seq, { type: 'tool.result', run_id: 'run_1', tool: { id: 'call_1', result: seq }, ...more })

  test('have their results, those of their own run first', () => {
    const items = foldTimeline([
      call(1),
      call(2, { run_id: 'run_2' }),
      result(3),
      result(4, { run_id: 'run_3' }),
    ]) as ToolItem[]

    expect(items.map(({ key, result: one }) => [key, one?.seq])).toEqual([
      ['evt_1', 3],
      ['evt_2', 4],
    ])
    expect(items[0]).not.toHaveProperty('approval')
  })

  test('say who agreed, and who did not and why', () => {
    const items = foldTimeline([
      asking(1),
      asking(2),
      decided(3, 'approved', 1),
      decided(4, 'rejected', 2, { reason: 'too dear' }),
      event(5, { type: 'run.completed', run_id: 'run_1' }),
    ])

    expect(items).toMatchObject([
      { kind: 'tool', approval: 'approved', decidedBy: people.alice },
      { kind: 'tool', approval: 'rejected', decidedBy: people.alice, reason: 'too dear' },
      { kind: 'notice' },
    ])
    expect(items[0]).not.toHaveProperty('reason')
  })

  test.each(['run.completed', 'run.failed', 'run.cancelled'])('nobody has to agree after %s', (type) => {
    const over = event(3, { type, run_id: 'run_1', error: { code: 'x', message: 'y' } })
    const items = foldTimeline([asking(1), asking(2, { run_id: 'run_2' }), over])

    expect(items.slice(0, 2)).toMatchObject([{ approval: 'withdrawn' }, { approval: 'required' }])
  })

  test('nobody has to agree after they have expired', () => {
    const over = event(3, { type: 'run.failed', run_id: 'run_1', error: { code: 'x', message: 'y' } })

    expect(foldTimeline([asking(1), decided(2, 'expired', 1), decided(3, 'expired', 9), over])).toMatchObject(
      [{ approval: 'withdrawn' }, { kind: 'notice' }],
    )
  })

  test('that are not here leave their results and decisions as notices', () => {
    expect(foldTimeline([result(1), decided(2, 'approved', 9)]).map(({ kind }) => kind)).toEqual([
      'notice',
      'notice',
    ])
  })
})

test('everything else is a notice, types that nobody knows among them', () => {
  const events: Wire[] = [
    event(1, { type: 'run.started', run_id: 'run_1' }),
    event(2, { type: 'thread.member_added', member: people.bob }),
    event(3, { type: 'poll.opened' }),
    event(4, { type: 'reasoning', content: 'hm' }),
  ]

  expect(foldTimeline(events).map(({ kind }) => kind)).toEqual(['notice', 'notice', 'notice', 'reasoning'])
})

describe('a fold that goes on', () => {
  const byId = ({ id }: AnyThreadEvent) => id

  test('keeps each item that did not change, and its list while nothing is added', () => {
    const timeline = Timeline.of([event(1), event(2), asking(3)], byId)
    const before = timeline.items
    expect(timeline.items).toBe(before)

    timeline.add(edited(4, 2, 'new'))

    expect(timeline.items.map((item, index) => item === before[index])).toEqual([true, false, true])
    expect(before[1]).toMatchObject({ isEdited: false })
  })

  test('says the same as one that is made at once, and keeps the items of the one before', () => {
    const asked = event(3, { content: [form()] })
    const events = [
      event(1),
      edited(2, 1, 'x'),
      asked,
      answer(4, 3),
      deleted(5, 1),
      asking(6),
      decided(7, 'approved', 6),
    ]
    const timeline = new Timeline(byId)
    for (const one of events.slice(2)) timeline.add(one)
    const late = Timeline.of(events, byId, timeline)

    expect(late.items).toEqual(foldTimeline(events))
    expect(late.items.slice(1)).toEqual(timeline.items)
    for (const [index, item] of timeline.items.entries()) expect(late.items[index + 1]).toBe(item)
  })

  test('looks at each event once, however long the log is', () => {
    const timeline = new Timeline(byId)
    let looked = 0
    const counted = (seq: number) =>
      new Proxy(event(seq), {
        get: (target, name, receiver) => {
          if (name === 'type') looked += 1
          return Reflect.get(target, name, receiver)
        },
      })
    for (let seq = 1; seq <= 10_000; seq++) timeline.add(counted(seq))
    const before = looked

    timeline.add(counted(10_001))

    expect(looked - before).toBe(before / 10_000)
    expect(timeline.items).toHaveLength(10_001)
  })
})
