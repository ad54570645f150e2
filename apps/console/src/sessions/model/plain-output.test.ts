import { expect, it } from 'vitest'
import { lastLines, plainOutput } from './plain-output.js'

it('has no colours, titles or lines that were written over', () => {
  expect(plainOutput('\u001b[1;32mok\u001b[0m\r\n\u001b]0;title\u0007 10%\r100%\ndone')).toBe(
    'ok\n100%\ndone',
  )
})

it('ends with the last lines', () => {
  expect(lastLines('a\nb\nc\n\n', 2)).toEqual({ text: 'b\nc', left: 1 })
  expect(lastLines('a', 2)).toEqual({ text: 'a', left: 0 })
})
