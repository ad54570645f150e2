import type { Random } from './random.js'

const oddTexts = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e\u0301',
  '😀'.repeat(40),
  "'; drop table sessions; --",
  '../../etc/passwd',
  '%00%ff',
  '{{7*7}}',
  '\r\nX-Injected: 1',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '-',
  '1e999',
]
const oddNumbers = [0, -0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 5e-324]
const usualKeys = ['name', 'age', 'size', 'when', 'free', 'vetoed', 'throwing']

/** A key: mostly one that means something, sometimes a nasty one. */
export function anyKey(random: Random): unknown {
  if (random.chance(0.7)) return random.pick(usualKeys)
  return random.pick([
    ...oddTexts,
    'k'.repeat(random.pick([255, 256, 257, 5000])),
    1,
    null,
    true,
    ['a'],
    { a: 1 },
  ])
}

/** Any JSON value, up to a few levels deep; now and then a very deep or a large one. */
export function anyValue(random: Random, depth = 3): unknown {
  if (random.chance(0.01)) return nested(random.pick([31, 32, 33, 500]))
  if (random.chance(0.01)) return 'x'.repeat(random.pick([65_000, 65_536, 65_537, 200_000]))
  const leaf = () =>
    random.pick([random.letters(8), random.below(100), true, false, null, ...oddNumbers, ...oddTexts])
  if (depth === 0 || random.chance(0.6)) return leaf()
  const size = random.below(4)
  if (random.chance(0.5)) return Array.from({ length: size }, () => anyValue(random, depth - 1))
  return Object.fromEntries(
    Array.from({ length: size }, () => [String(anyKey(random)), anyValue(random, depth - 1)]),
  )
}

function nested(depth: number): unknown {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth))
}

/** A field definition, mostly well formed. */
export function anyField(random: Random): unknown {
  if (random.chance(0.1)) return anyValue(random)
  const types = ['string', 'int', 'float', 'bool', 'datetime', 'array', 'array<int>', 'enum', 'colour']
  const type = random.chance(0.9) ? random.pick(types) : anyValue(random, 1)
  const options = random.chance(0.3)
    ? { options: random.pick([[{ value: 'S' }], ['S', 1], [], 'S', [null], [[1]]]) }
    : {}
  return { key: anyKey(random), type, required: random.chance(0.3), ...options }
}

/** An action, mostly well formed. */
export function anyAction(random: Random): unknown {
  if (random.chance(0.1)) return anyValue(random)
  const type = random.chance(0.9) ? 'set' : anyValue(random, 1)
  return { type, key: anyKey(random), value: anyValue(random) }
}

/** Turns a body into text and, often, damages it. */
export function toBody(random: Random, body: unknown): string | Uint8Array {
  const text = JSON.stringify(body) ?? ''
  const cut = random.below(text.length + 1)
  return random.pick<() => string | Uint8Array>([
    ...Array.from({ length: 12 }, () => () => text),
    () => text.slice(0, cut),
    () => text.slice(0, cut) + random.pick(oddTexts) + text.slice(cut),
    () =>
      Buffer.concat([
        Buffer.from(text.slice(0, cut)),
        Buffer.from([0xff, 0xc0, 0x80]),
        Buffer.from(text.slice(cut)),
      ]),
    () => `\ufeff${text}`,
    () => text.replace('{', `{"__proto__":{"polluted":true},`),
    () => text.replace(/\d+/, random.pick(['NaN', '-Infinity', '01', '1e400', '0x10'])),
    () => '['.repeat(random.pick([10, 5_000, 100_000])),
    () => text + ' '.repeat(random.pick([1, 300_000])),
    () => JSON.stringify(anyValue(random)),
    () => '',
  ])()
}
