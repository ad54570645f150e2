import { expect, it } from 'vitest'
import { cleanFilename, cleanMime } from './names.js'

it.each([
  ['log.png', 'log.png'],
  ['/etc/passwd', 'passwd'],
  ['..\\..\\win.ini', 'win.ini'],
  ['a/', 'file'],
  ['', 'file'],
  ['..', 'file'],
  [' \u0000a\r\nb\u001b[1m.txt ', 'ab[1m.txt'],
  ['half\ud800.txt', 'half.txt'],
  ['txt.\u202eexe', 'txt.exe'],
  ['Rücken 😀.pdf', 'Rücken 😀.pdf'],
])('makes of %j the name %j', (name, clean) => {
  expect(cleanFilename(name)).toBe(clean)
})

it('cuts a name to 255 bytes between characters and keeps its ending', () => {
  const long = cleanFilename(`${'😀'.repeat(100)}.jpeg`)
  const noEnding = cleanFilename(`a.${'x'.repeat(400)}`)

  expect(long).toBe(`${'😀'.repeat(62)}.jpeg`)
  expect([Buffer.byteLength(noEnding), noEnding.slice(0, 3)]).toEqual([255, 'a.x'])
})

it.each([
  ['image/PNG', 'image/png'],
  ['text/plain; charset=utf-8', 'text/plain'],
  ['application/vnd.api+json', 'application/vnd.api+json'],
  ['', 'application/octet-stream'],
  ['nonsense', 'application/octet-stream'],
  ['text/html\r\nset-cookie: a', 'application/octet-stream'],
  [`a/${'b'.repeat(200)}`, 'application/octet-stream'],
])('makes of %j the type %j', (mime, clean) => {
  expect(cleanMime(mime)).toBe(clean)
})
