import type { TimelineItem, ToolItem } from '@parley/sessions/client'
import { describe, expect, test } from 'vitest'
import { Printer, plain } from './printer.js'

const at = '2026-01-01T00:00:00.000Z'
const message = (key: string, text: string): TimelineItem => ({ kind: 'message', key, at, text, blocks: [] })
const tool = (status: ToolItem['status'], content: ToolItem['content'] = []): TimelineItem => ({
  kind: 'tool',
  key: 'tool-1',
  at,
  toolCallId: '1',
  title: 'Edit\n the file',
  toolKind: 'edit',
  status,
  content,
  locations: [],
})

function printed(...timelines: TimelineItem[][]): string {
  let text = ''
  const printer = new Printer((more) => {
    text += more
  })
  for (const timeline of timelines) printer.show(timeline)
  printer.endLine()
  return text
}

describe('the printer of a session', () => {
  test('writes of a growing text only what is new', () => {
    expect(printed([message('a', 'Hel')], [message('a', 'Hello')], [message('a', 'Hello')])).toBe('Hello\n')
  })

  test('begins a line for another item', () => {
    expect(printed([message('a', 'One')], [message('a', 'One'), message('b', 'Two')])).toBe('One\nTwo\n')
  })

  test('writes a tool once for each state, with the files it changed', () => {
    const diff = { type: 'diff', path: 'a.ts', oldText: null, newText: '' } as const

    expect(printed([tool('pending')], [tool('pending')], [tool('completed', [diff])])).toBe(
      '  … Edit the file\n  ✓ Edit the file\n      a.ts\n',
    )
  })

  test('lets no control character through', () => {
    expect(printed([message('a', 'a\u001b[2Jb\u009bc\td\r')])).toBe('a[2Jbc\td\n')
    expect(plain('\u0007x\n')).toBe('x\n')
  })
})
