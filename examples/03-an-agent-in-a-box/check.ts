// The story, checked: both saw the same, Ben's answer counted, and the file is where the terminal looks.
import { strict as assert } from 'node:assert'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startBox, workTogether } from './box.js'

const { url, directory, stop } = await startBox()
try {
  const { ada, ben, terminal, whoAnswered } = await workTogether(url, () => {})
  assert.deepEqual(ada, ben, 'both have seen the same')
  assert.equal(ada.filter((line) => line === 'turn: end_turn').length, 2)
  assert.equal(ada.filter((line) => line.startsWith('approved: ')).length, 1)
  assert.equal(whoAnswered, 'ben')
  assert.equal(terminal, 'Bread, salt, a map.')
  assert.equal((await readFile(join(directory, 'notes.md'), 'utf8')).trim(), 'Bread, salt, a map.')
  console.info('The story holds: one agent, two people, one log.')
} finally {
  await stop()
}
