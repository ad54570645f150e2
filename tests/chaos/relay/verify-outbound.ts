import { strict as assert } from 'node:assert'
import type { Asked, Evidence, Receipt, Shown } from './evidence.js'

/** Everything that was asked for: shown once or not at all, as was told, and as its receipt says. */
export function assertOutbound({ gateways, shown, receipts }: Evidence): void {
  const asked = gateways.flatMap((gateway) =>
    gateway.asked.map((one) => ({ ...one, instanceId: gateway.instanceId })),
  )
  const texts = new Map(asked.map((one) => [one.text, one]))
  assert.equal(texts.size, asked.length, 'the test has used a text twice')
  const shownByText = once(shown, ({ text }) => text, 'is shown twice')
  const receiptByText = once(receipts, ({ text }) => text, 'has two receipts')
  for (const text of shownByText.keys()) assert(texts.has(text), `"${text}" is shown and nobody asked for it`)
  for (const text of receiptByText.keys()) assert(texts.has(text), `"${text}" has a receipt and nobody asked`)
  for (const one of asked) {
    assertTold(one, shownByText.get(one.text))
    assertReceipt(one, receiptByText.get(one.text), shownByText.get(one.text))
  }
  for (const { asked: ofOne } of gateways) assertInOrder(ofOne, shownByText)
}

function once<T>(all: readonly T[], nameOf: (one: T) => string, fault: string): Map<string, T> {
  const map = new Map<string, T>()
  for (const one of all) {
    const name = nameOf(one)
    assert(!map.has(name), `"${name}" ${fault}`)
    map.set(name, one)
  }
  return map
}

function assertTold(
  { text, told, messageId, error, platform, chatId, isForeign }: Asked,
  shown?: Shown,
): void {
  const what = `"${text}" (${told}, ${error})`
  if (isForeign) assert(told !== 'success' && !shown, `${what}: reached another tenant's chat`)
  if (told === 'failed') assert(!shown, `${what}: is shown although it failed`)
  if (told === 'success') {
    assert(shown, `${what}: is not shown`)
    assert.equal(shown.messageId, messageId, `${what}: is shown as another message`)
  }
  if (shown)
    assert.deepEqual([shown.platform, shown.chatId], [platform, chatId], `${what}: is somewhere else`)
}

function assertReceipt(
  { text, told, instanceId }: Asked & { instanceId: string },
  receipt?: Receipt,
  shown?: Shown,
): void {
  const what = `"${text}" (${told}, receipt ${receipt?.state}: ${receipt?.error})`
  if (!receipt) {
    assert(!shown && told !== 'success', `${what}: was done without a receipt`)
    return
  }
  assert.equal(receipt.instanceId, instanceId, `${what}: is another's receipt`)
  switch (receipt.state) {
    case 'queued':
      assert.fail(`${what}: its receipt is open`)
      break
    case 'sent':
    case 'confirmed':
      assert(shown, `${what}: is not shown`)
      assert.equal(receipt.messageId, shown.messageId, `${what}: its receipt names another message`)
      assert(told !== 'failed', `${what}: its receipt says something else`)
      break
    case 'dead':
      assert(!shown, `${what}: is shown`)
      assert(told !== 'success', `${what}: its receipt says something else`)
      break
    case 'parked':
      // It may have been done: both is true. It can't be known to have failed.
      assert(told !== 'failed', `${what}: nobody need decide about it`)
  }
}

/** What was asked for one chat on one connection is done in that order. */
function assertInOrder(asked: readonly Asked[], shown: ReadonlyMap<string, Shown>): void {
  const last = new Map<string, { place: number; text: string }>()
  for (const { platform, chatId, socket, text } of asked) {
    const one = shown.get(text)
    if (!one) continue
    const lane = `${socket} ${platform} ${chatId}`
    const before = last.get(lane)
    assert(!before || before.place < one.place, `"${text}" is shown before "${before?.text}"`)
    last.set(lane, { place: one.place, text })
  }
}
