// Words for the time that is left. Coarse while there is plenty, exact when it runs out.

const minute = 60

/** Whole seconds from `nowMs` until `deadlineMs`, never negative. */
export function secondsLeft(deadlineMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((deadlineMs - nowMs) / 1000))
}

/** `45 s`, `4 min 05 s`, `30 min`, `2 h 5 min`, `3 d 4 h`. Past ten minutes, a begun minute (or hour) counts whole. */
export function formatDuration(seconds: number): string {
  if (seconds < minute) return `${seconds} s`
  if (seconds < 10 * minute) return `${Math.floor(seconds / minute)} min ${pad(seconds % minute)} s`
  const minutes = Math.ceil(seconds / minute)
  if (minutes < 60) return `${minutes} min`
  if (minutes < 24 * 60) return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.ceil(minutes / 60)
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

/** How pressing the remaining time is: `soon` in the last five minutes, `now` in the last one. */
export function urgency(seconds: number): 'calm' | 'soon' | 'now' {
  if (seconds <= minute) return 'now'
  return seconds <= 5 * minute ? 'soon' : 'calm'
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}

function join(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`
}
