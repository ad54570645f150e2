import { strict as assert } from 'node:assert'
import type { Evidence, GatewayEvidence, Handed, TakenIn, Written } from './evidence.js'

/** Every message that was accepted: taken in once, handed to everybody it is for, to nobody else, in order. */
export function assertInbound({ written, takenIn, gateways }: Evidence): void {
  const known = byName(written)
  const places = assertTakenIn(known, takenIn)
  const firsts = new Map(gateways.map((gateway) => [gateway.instanceId, firstsOf(gateway)]))
  for (const [instanceId, handed] of firsts) {
    for (const one of handed) assertMeant(instanceId, one, known)
    for (const chat of byChat(handed)) assertOrdered(instanceId, chat, known, places)
  }
  for (const { heardBy, ...message } of written)
    for (const instanceId of heardBy) {
      const isThere = firsts.get(instanceId)?.some((one) => nameOf(one) === nameOf(message))
      assert(isThere, `${nameOf(message)} was accepted and never handed to ${instanceId}`)
    }
}

const nameOf = ({ platform, chatId, messageId }: Pick<Handed, 'platform' | 'chatId' | 'messageId'>): string =>
  `${platform} ${chatId} ${messageId}`

function byName(written: readonly Written[]): Map<string, Written> {
  const known = new Map(written.map((one) => [nameOf(one), one]))
  assert.equal(known.size, written.length, 'the test has used the id of a message twice')
  return known
}

/** Answers where each message stands in the order in which its bot took them in. */
function assertTakenIn(
  known: ReadonlyMap<string, Written>,
  takenIn: readonly TakenIn[],
): Map<string, number> {
  const places = new Map<string, number>()
  takenIn.forEach((one, place) => {
    const name = nameOf(one)
    assert(known.has(name), `${name} was taken in and never accepted`)
    assert(!places.has(name), `${name} was taken in twice`)
    places.set(name, place)
    const { heardBy } = known.get(name)!
    assert.deepEqual([...one.deliveredTo].sort(), [...heardBy].sort(), `${name}: was meant for others`)
  })
  for (const name of known.keys()) assert(places.has(name), `${name} was accepted and not taken in`)
  return places
}

/** Each message once, in the order in which they came first. */
function firstsOf({ wire }: GatewayEvidence): Handed[] {
  const firsts = new Map<string, Handed>()
  for (const event of wire) {
    if (event.kind !== 'inbound') continue
    const name = nameOf(event.message)
    if (!firsts.has(name)) firsts.set(name, event.message)
  }
  return [...firsts.values()]
}

function assertMeant(instanceId: string, handed: Handed, known: ReadonlyMap<string, Written>): void {
  const name = nameOf(handed)
  const message = known.get(name)
  assert(message, `${instanceId}: ${name} was never accepted`)
  assert(message.heardBy.includes(instanceId), `${instanceId}: ${name} is for ${message.heardBy}`)
  assert.equal(handed.userId, message.userId, `${instanceId}: ${name} is of another author`)
  assert.equal(handed.text, message.text, `${instanceId}: ${name} has another text`)
}

function byChat(handed: readonly Handed[]): Handed[][] {
  const chats = new Map<string, Handed[]>()
  for (const one of handed) {
    const chat = `${one.platform} ${one.chatId}`
    chats.set(chat, [...(chats.get(chat) ?? []), one])
  }
  return [...chats.values()]
}

/** As the bot took them in; and what was accepted before another one was written comes before it. */
function assertOrdered(
  instanceId: string,
  chat: readonly Handed[],
  known: ReadonlyMap<string, Written>,
  places: ReadonlyMap<string, number>,
): void {
  let [lastPlace, lastBegun] = [-1, Number.NEGATIVE_INFINITY]
  for (const one of chat) {
    const name = nameOf(one)
    const place = places.get(name)!
    assert(place > lastPlace, `${instanceId}: ${name} was handed over after what was taken in later`)
    lastPlace = place
    const { begunAt, acceptedAt } = known.get(name)!
    assert(acceptedAt >= lastBegun, `${instanceId}: ${name} was handed over after what was written later`)
    lastBegun = Math.max(lastBegun, begunAt)
  }
}
