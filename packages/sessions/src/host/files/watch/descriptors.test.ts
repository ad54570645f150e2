import { readdirSync } from 'node:fs'
import { systemClock } from '@parley/kernel/ids'
import { expect, onTestFinished, test } from 'vitest'
import { tempDirectory } from '../host.test.support.js'
import { createWatcher } from './watcher.js'

const descriptors = () => readdirSync('/proc/self/fd').length

test('a watcher that is used again and again holds no more descriptors than at first', async () => {
  const directory = await tempDirectory()
  const watcher = createWatcher({ clock: systemClock, onChanges: () => {} })
  onTestFinished(() => watcher.close())
  await watcher.watch('s1', directory)
  await watcher.unwatch('s1')
  const before = descriptors()

  for (let turn = 0; turn < 30; turn++) {
    await watcher.watch('s1', directory)
    await watcher.unwatch('s1')
  }

  expect(descriptors()).toBeLessThan(before + 10)
})
