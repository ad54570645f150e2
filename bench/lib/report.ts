import { type Aim, isReached, type Measured, type Unit } from './measured.js'

/** The lines of one benchmark as a table. */
export function toTable(lines: readonly Measured[]): string {
  const header = ['', 'ours', 'baseline', 'ratio (lowest to highest)', 'aim', '']
  const rows = [header, ...lines.map(toCells)]
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function toCells(line: Measured): string[] {
  const { what, unit, ours, baseline, note } = line
  return [
    what,
    amount(ours, unit),
    baseline ? `${amount(baseline.value, unit)} ${baseline.name}` : '–',
    baseline ? ratioText(baseline.ratio) : '–',
    aimText(line),
    note ?? '',
  ]
}

function ratioText({ median, low, high }: { median: number; low: number; high: number }): string {
  return `${digits(median)} (${digits(low)} to ${digits(high)})`
}

function aimText(line: Measured): string {
  if (!line.aim) return ''
  return `${boundText(line.aim, line.unit)} ${isReached(line) ? '✓' : '✗'}`
}

function boundText({ of, atLeast, atMost }: Aim, unit: Unit): string {
  const [sign, bound] = atLeast === undefined ? ['≤', atMost] : ['≥', atLeast]
  if (of === 'ratio') return `${sign} ${bound}`
  return `${of === 'difference' ? 'Δ ' : ''}${sign} ${bound} ${unit}`
}

function amount(value: number, unit: Unit): string {
  const text = value >= 100 && Number.isFinite(value) ? Math.round(value).toLocaleString('en') : digits(value)
  return unit === '/s' ? `${text}/s` : `${text} ${unit}`
}

/** What could not be measured is said to be unknown: a table is shown in any case. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return 'unknown'
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2)
}
