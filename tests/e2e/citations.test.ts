import { describe, expect, test } from 'vitest'
import { citedIn } from './citations.js'

describe('citations in test files', () => {
  test('a comment cites one requirement', () => {
    expect(citedIn("// proves: threads.follow.resumes\ntest('…')")).toEqual(['threads.follow.resumes'])
  })

  test('a comment cites several, wherever it stands', () => {
    expect(citedIn('  test() // proves: handshake.h16, handshake.h17.window\n//proves: a.b')).toEqual([
      'handshake.h16',
      'handshake.h17.window',
      'a.b',
    ])
  })

  test('prose about proving cites nothing', () => {
    expect(citedIn("// this proves nothing: a, b\nconst text = 'proves: handshake.h01'")).toEqual([])
  })
})
