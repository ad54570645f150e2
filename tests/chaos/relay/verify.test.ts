import { expect, it } from 'vitest'
import type { Asked, Evidence, GatewayEvidence, Receipt, WireEvent, Written } from './evidence.js'
import { assertAll } from './verify.js'

// A check that never complains proves nothing: each is shown a run with one thing wrong.

const platform = 'discord'
const chatId = 'dm-ann'

const wrote = (messageId: string, at: number): Written => ({
  platform,
  chatId,
  messageId,
  userId: 'ann',
  text: `${messageId} says ann`,
  heardBy: ['agent-1'],
  begunAt: at,
  acceptedAt: at + 1,
})
const written = [wrote('m1', 1), wrote('m2', 3), wrote('m3', 3)]

const handed = ({ messageId, userId, text }: Written) => ({ platform, chatId, messageId, userId, text })
const came = (socket: number, index: number): WireEvent => {
  const message = handed(written[index]!)
  return { kind: 'inbound', socket, bufferId: `b${index}`, frame: `frame ${index}`, message }
}
const acked = (socket: number, index: number): WireEvent => ({ kind: 'ack', socket, bufferId: `b${index}` })
const settled = (index: number): WireEvent => ({ kind: 'settled', bufferId: `b${index}` })
const dialled = (socket: number): WireEvent => ({ kind: 'dialled', socket })
const open = (socket: number): WireEvent[] => [dialled(socket), { kind: 'open', socket }]

const wire: WireEvent[] = [
  ...open(1),
  came(1, 0),
  acked(1, 0),
  settled(0),
  came(1, 1),
  { kind: 'closed', socket: 1, code: 1006 },
  ...open(2),
  came(2, 1),
  acked(2, 1),
  came(2, 2),
  acked(2, 2),
  settled(1),
  settled(2),
  { kind: 'idle', socket: 2 },
]

const ask = (n: number, told: Asked['told'], more: Partial<Asked> = {}): Asked => ({
  text: `text ${n}`,
  platform,
  chatId,
  socket: 1,
  told,
  isForeign: false,
  ...(told === 'success' && { messageId: `a${n}` }),
  ...more,
})
const asked = [
  ask(1, 'success'),
  ask(2, 'unknown'),
  ask(3, 'failed'),
  ask(4, 'unknown'),
  ask(5, 'success'),
  ask(6, 'failed', { isForeign: true }),
  ask(7, 'unknown'),
]
const show = (n: number, place: number) => ({
  platform,
  chatId,
  messageId: `a${n}`,
  text: `text ${n}`,
  place,
})
const receipt = (n: number, state: Receipt['state'], more: Partial<Receipt> = {}): Receipt => ({
  id: `rcp_${n}`,
  state,
  instanceId: 'agent-1',
  text: `text ${n}`,
  chatId,
  messageId: state === 'sent' || state === 'confirmed' ? `a${n}` : null,
  error: null,
  ...more,
})

const gateway: GatewayEvidence = {
  tenant: 'org-1',
  instanceId: 'agent-1',
  wire,
  asked,
  pending: 0,
  dropped: 0,
}
const other: GatewayEvidence = { ...gateway, tenant: 'org-2', instanceId: 'agent-2', wire: [], asked: [] }
const takenIn = written.map((one) => ({ ...handed(one), deliveredTo: one.heardBy }))
const shown = [show(1, 10), show(2, 11), show(5, 12)]
const receipts = [
  receipt(1, 'confirmed'),
  receipt(2, 'parked'),
  receipt(3, 'dead'),
  receipt(4, 'dead'),
  receipt(5, 'sent'),
]
const good: Evidence = { written, takenIn, gateways: [gateway, other], shown, receipts }

const withGateway = (change: Partial<GatewayEvidence>): Evidence => ({
  ...good,
  gateways: [{ ...gateway, ...change }, other],
})
const withWire = (change: (wire: WireEvent[]) => WireEvent[]) => withGateway({ wire: change([...wire]) })
const withAsked = (index: number, change: Partial<Asked>) =>
  withGateway({ asked: asked.map((one, at) => (at === index ? { ...one, ...change } : one)) })
const withReceipt = (index: number, change: Partial<Receipt>): Evidence => ({
  ...good,
  receipts: receipts.map((one, at) => (at === index ? { ...one, ...change } : one)),
})
const without = <T>(list: readonly T[], index: number) => list.filter((_, at) => at !== index)

it('finds nothing wrong with a good run', () => {
  expect(() => assertAll(good)).not.toThrow()
})

const alsoFor = (instanceId: string): Evidence => {
  const copy = [...open(1), came(1, 0), acked(1, 0), settled(0)]
  return { ...good, gateways: [gateway, { ...other, instanceId, wire: copy }] }
}

it('allows what is not settled to come again on an older connection when a newer one is lost', () => {
  const twin: WireEvent[] = [...open(3), { kind: 'closed', socket: 3, code: 1006 }, came(2, 1), acked(2, 1)]
  expect(() => assertAll(withWire((all) => all.toSpliced(11, 0, ...twin)))).not.toThrow()
})

it('allows it also when the newer one had been dialled before the entry came', () => {
  const lost: WireEvent = { kind: 'closed', socket: 3, code: 1006 }
  const twin = (all: WireEvent[]) => [...all.slice(0, 9), ...open(3), all[9]!, lost, ...all.slice(9)]
  expect(() => assertAll(withWire(twin))).not.toThrow()
})

it('allows what is not settled to come again where quiet was not granted', () => {
  const tired: WireEvent[] = [{ kind: 'tired', socket: 2 }, came(2, 1), acked(2, 1)]
  expect(() => assertAll(withWire((all) => all.toSpliced(11, 0, ...tired)))).not.toThrow()
})

it.each<[string, Evidence, RegExp]>([
  ['an entry that is left', withGateway({ pending: 1 }), /are left/],
  ['an entry that was dropped', withGateway({ dropped: 1 }), /were dropped/],
  [
    'an entry after it was settled',
    withWire((all) => [...all, ...open(3), came(3, 0)]),
    /again after it was settled/,
  ],
  [
    'an entry after it was settled, where quiet was not granted',
    withWire((all) => [...without(all, 15), { kind: 'tired', socket: 2 }, came(2, 1)]),
    /again after it was settled/,
  ],
  ['an entry twice on a connection', withWire((all) => all.toSpliced(10, 0, came(2, 1))), /2 times on one/],
  [
    'an entry more often than newer connections were lost',
    withWire((all) => all.toSpliced(10, 0, ...open(3), came(2, 1), came(2, 1))),
    /3 times on one/,
  ],
  ['an event on an idle connection', withWire((all) => [...all, came(2, 1)]), /was idle/],
  ['an event before a descriptor', withWire((all) => without(all, 8)), /before the first descriptor/],
  [
    'an entry in other bytes',
    withWire((all) => all.with(9, { ...came(2, 1), frame: 'x' } as WireEvent)),
    /other bytes/,
  ],
  [
    'a message as two entries',
    withWire((all) => all.toSpliced(11, 0, { ...came(2, 1), bufferId: 'b9' } as WireEvent)),
    /a second time/,
  ],
  [
    'an entry that nobody acknowledged',
    withWire((all) => without(without(all, 14), 12)),
    /never acknowledged/,
  ],
  ['an entry that is never settled', withWire((all) => without(all, 14)), /never settled/],
  [
    'one settled without an acknowledgement',
    withWire((all) => without(all, 3)),
    /settled and never acknowledged/,
  ],
  ['an acknowledgement of nothing', withWire((all) => [...all, acked(2, 7)]), /and never came/],
  [
    'a refused token',
    withWire((all) => [...all, { kind: 'closed', socket: 2, code: 4401 }]),
    /closed with 4401/,
  ],
  [
    'an event that an agent got twice',
    withWire((all) => [...all, { kind: 'repeated', socket: 2, messageId: 'm1' }]),
    /twice in one life/,
  ],
  ['a message nobody took in', { ...good, takenIn: without(takenIn, 1) }, /not taken in/],
  ['a message taken in twice', { ...good, takenIn: [...takenIn, takenIn[0]!] }, /taken in twice/],
  [
    'a message from nowhere',
    { ...good, takenIn: [...takenIn, { ...takenIn[0]!, messageId: 'm9' }] },
    /never accepted/,
  ],
  [
    'a message meant for somebody else',
    { ...good, takenIn: takenIn.with(0, { ...takenIn[0]!, deliveredTo: ['agent-2'] }) },
    /meant for others/,
  ],
  ["a message at another tenant's gateway", alsoFor('agent-2'), /is for agent-1/],
  [
    'a message that was not handed over',
    withWire((all) => all.filter((event) => !('bufferId' in event) || event.bufferId !== 'b2')),
    /never handed to/,
  ],
  [
    'another order than the log',
    { ...good, takenIn: [takenIn[1]!, takenIn[0]!, takenIn[2]!] },
    /taken in later/,
  ],
  [
    'another order than the people saw',
    {
      ...good,
      written: [wrote('m1', 5), ...written.slice(1)],
    },
    /written later/,
  ],
  ['a text that is shown twice', { ...good, shown: [...shown, show(1, 20)] }, /shown twice/],
  ['a text nobody asked for', { ...good, shown: [...shown, show(9, 20)] }, /nobody asked for it/],
  ['a success that is not shown', { ...good, shown: without(shown, 0) }, /is not shown/],
  ['a failure that is shown', { ...good, shown: [...shown, show(3, 20)] }, /although it failed/],
  ['a success as another message', withAsked(0, { messageId: 'a9' }), /as another message/],
  ['a text in another chat', withAsked(1, { chatId: 'dm-ben' }), /somewhere else/],
  ['a text in a foreign chat', withAsked(0, { isForeign: true }), /another tenant's chat/],
  [
    'another order than asked for',
    { ...good, shown: [show(1, 12), show(2, 11), show(5, 13)] },
    /is shown before/,
  ],
  ['an open receipt', withReceipt(1, { state: 'queued' }), /is open/],
  ['a text without a receipt', { ...good, receipts: without(receipts, 1) }, /without a receipt/],
  ['a dead receipt of what is shown', withReceipt(1, { state: 'dead' }), /is shown/],
  ['a sent receipt of what is not', withReceipt(3, { state: 'sent' }), /is not shown/],
  ['a receipt with another message', withReceipt(0, { messageId: 'a9' }), /names another message/],
  ['a parked receipt of a failure', withReceipt(2, { state: 'parked' }), /nobody need decide/],
  ['two receipts', { ...good, receipts: [...receipts, receipt(1, 'dead')] }, /two receipts/],
  ["another's receipt", withReceipt(0, { instanceId: 'agent-2' }), /another's receipt/],
  ['a receipt of nothing', { ...good, receipts: [...receipts, receipt(9, 'dead')] }, /nobody asked/],
])('complains of %s', (_, evidence, complaint) => {
  expect(() => assertAll(evidence)).toThrow(complaint)
})
