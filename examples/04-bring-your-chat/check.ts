// The story, checked: each chat shows its own conversation, and what was written to a sleeping agent was answered once, in order.
import { strict as assert } from 'node:assert'
import { bringYourChat } from './chat.js'

const { ada, bo } = await bringYourChat(() => {})
assert.deepEqual(ada, [
  'ada: order soup',
  'bot: Which soup?',
  'bot: One large soup is on its way.',
  'ada: are you there?',
  'ada: well, later then',
  'bot: You said: are you there?',
  'bot: You said: well, later then',
])
assert.deepEqual(bo, ['bo: hello?', 'bot: HELLO?'])
console.info('The story holds: one bot, two tenants, and nothing lost in a nap.')
