import headless from '@xterm/headless'
import { describe, expect, test } from 'vitest'
import { whatStaysSeen } from './still-seen.js'

const cols = 40
const rows = 10
const numbered = (count: number, line = (at: number) => `line ${at}`) =>
  Array.from({ length: count }, (_, at) => `${line(at)}\r\n`).join('')

const floods: Record<string, string> = {
  plain: numbered(5_000),
  colours: numbered(5_000, (at) => `\u001b[3${at % 8}mline ${at}\u001b[0m of \u001b[1mmany`),
  'a colour that stays': `\u001b[31m${numbered(5_000)}`,
  'the other screen': `\u001b[?1049h${numbered(5_000)}`,
  'a scrolling region': `\u001b[3;6r\u001b[3;1H${numbered(5_000)}`,
  'a cursor that moves in the middle': `${numbered(2_000)}\u001b[2J\u001b[5;5H\u001b[?25l${numbered(2_000)}`,
  'a long title with a bell': `\u001b]0;${'t\n'.repeat(4_000)}\u0007${numbered(3)}`,
  'no end of a line': 'x'.repeat(400_000),
}

describe('after a flood', () => {
  test.each(Object.keys(floods))('the same is seen, and in the same way goes on: %s', async (name) => {
    const flood = floods[name] ?? ''
    const after = '\r\nthe end \u001b[4;1Hup'

    const [all, part] = [await shown([flood, after]), await shown([whatStaysSeen(flood, rows + 100), after])]
    expect(part).toEqual(all)
  })

  test.each(['plain', 'colours', 'a cursor that moves in the middle'])('most is left out: %s', (name) => {
    const flood = floods[name] ?? ''

    expect(whatStaysSeen(flood, rows).length).toBeLessThan(flood.length * 0.7)
  })
})

test('a sequence may be cut anywhere between two outputs', async () => {
  const flood = floods.colours ?? ''
  for (let at = flood.length / 2; at < flood.length / 2 + 30; at++) {
    const parts = [flood.slice(0, at), flood.slice(at)]

    expect(await shown(parts.map((part) => whatStaysSeen(part, rows + 100)))).toEqual(await shown(parts))
  }
})

async function shown(texts: readonly string[]) {
  const terminal = new headless.Terminal({ cols, rows, allowProposedApi: true })
  for (const text of texts) await new Promise<void>((resolve) => terminal.write(text, resolve))
  const { active } = terminal.buffer
  const cells = Array.from({ length: rows }, (_, row) => {
    const line = active.getLine(active.baseY + row)
    return [line?.translateToString(true), line?.getCell(0)?.getFgColor(), line?.getCell(0)?.isBold()]
  })
  const seen = { cells, x: active.cursorX, y: active.cursorY, type: active.type }
  terminal.dispose()
  return seen
}
