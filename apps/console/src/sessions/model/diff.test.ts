import { describe, expect, it } from 'vitest'
import { countChanges, diffTexts } from './diff.js'
import { parsePatch } from './patch.js'

const brief = (rows: readonly { kind: string; text: string }[]) =>
  rows.map(({ kind, text }) => `${kind} ${text}`)

describe('the difference of two texts', () => {
  it('keeps what is common and numbers both sides', () => {
    expect(diffTexts('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual([
      { kind: 'same', text: 'a', old: 1, now: 1 },
      { kind: 'removed', text: 'b', old: 2 },
      { kind: 'added', text: 'x', now: 2 },
      { kind: 'same', text: 'c', old: 3, now: 3 },
      { kind: 'added', text: 'd', now: 4 },
    ])
  })

  it('finds lines that moved apart', () => {
    expect(brief(diffTexts('one\ntwo\nthree', 'zero\none\n2\nthree'))).toEqual([
      'added zero',
      'same one',
      'removed two',
      'added 2',
      'same three',
    ])
  })

  it('is all new for a file that was not there', () => {
    expect(brief(diffTexts(null, 'a\nb\n'))).toEqual(['added a', 'added b'])
  })

  it('leaves out what is far from any change', () => {
    const lines = Array.from({ length: 20 }, (_, at) => `line ${at + 1}`)
    const changed = lines.with(9, 'other')

    const rows = diffTexts(lines.join('\n'), changed.join('\n'))

    expect(rows[0]).toEqual({ kind: 'gap', text: '6 unchanged lines' })
    expect(rows.at(-1)).toEqual({ kind: 'gap', text: '7 unchanged lines' })
    expect(countChanges(rows)).toEqual({ added: 1, removed: 1 })
  })

  it('is nothing for equal texts', () => {
    expect(diffTexts('a\n', 'a\n')).toEqual([])
  })

  it('of large texts that share nothing is all old, then all new', () => {
    const many = (word: string) => Array.from({ length: 3_000 }, (_, at) => `${word} ${at}`).join('\n')

    expect(countChanges(diffTexts(many('old'), many('new')))).toEqual({ added: 3_000, removed: 3_000 })
  })
})

describe('a patch', () => {
  it('is read file by file', () => {
    const patch = [
      'diff --git a/src/a.ts b/src/a.ts',
      'index 1..2 100644',
      '--- a/src/a.ts',
      '+++ b/src/a.ts',
      '@@ -3,2 +3,2 @@ function a() {',
      ' same',
      '-old',
      '+new',
      '\\ No newline at end of file',
      'diff --git a/gone.txt b/gone.txt',
      'deleted file mode 100644',
      '--- a/gone.txt',
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-bye',
      'diff --git a/pic.png b/pic.png',
      'Binary files a/pic.png and b/pic.png differ',
      '',
    ].join('\n')

    const files = parsePatch(patch)

    expect(files.map(({ path, isBinary }) => [path, isBinary])).toEqual([
      ['src/a.ts', false],
      ['gone.txt', false],
      ['pic.png', true],
    ])
    expect(files[0]!.rows).toEqual([
      { kind: 'gap', text: 'function a() {' },
      { kind: 'same', text: 'same', old: 3, now: 3 },
      { kind: 'removed', text: 'old', old: 4 },
      { kind: 'added', text: 'new', now: 4 },
    ])
    expect(brief(files[1]!.rows)).toEqual(['removed bye'])
  })

  it('reads quoted names', () => {
    const patch =
      'diff --git "a/\\303\\244 \\"b\\".txt" "b/\\303\\244 \\"b\\".txt"\n--- "a/\\303\\244 \\"b\\".txt"\n+++ "b/\\303\\244 \\"b\\".txt"\n@@ -1 +1 @@\n-a\n+b\n'

    expect(parsePatch(patch)[0]!.path).toBe('ä "b".txt')
  })

  it('without a file is empty', () => {
    expect(parsePatch('')).toEqual([])
  })
})
