import { expect, test } from 'vitest'
import { packetText, readPacket } from './packet.js'

test('a packet gives back its messages', () => {
  expect(readPacket(packetText(['["s","x:1","é"]', '["g"]']))).toEqual([
    { kind: 'signal', stream: 'x:1', payload: 'é' },
    { kind: 'gap' },
  ])
})

test.each([
  '',
  'x',
  '{}',
  '[1]',
  '[[]]',
  '[["s",1,2]]',
  '[["m","x"]]',
  '[["m",1,"x"]]',
  '[["q","a","b"]]',
  '[["z","a","b","c"]]',
])('there is no message in %j', (text) => {
  expect(readPacket(text)).toEqual([])
})
