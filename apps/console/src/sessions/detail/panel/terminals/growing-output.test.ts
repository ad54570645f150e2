import { expect, it } from 'vitest'
import { growingOutput } from './growing-output.js'

it('writes what is there, then what comes', () => {
  const { line, set } = growingOutput()
  const written: string[] = []
  set('one ')
  const stop = line.onOutput((text) => written.push(text))

  set('one two')
  set('one two')
  stop()
  set('one two three')

  expect(written).toEqual(['one ', 'two'])
})

it('begins anew when the beginning was cut', () => {
  const { line, set } = growingOutput()
  const written: string[] = []
  line.onOutput((text) => written.push(text))

  set('one two')
  set('two three')

  expect(written).toEqual(['one two', '\u001bctwo three'])
})
