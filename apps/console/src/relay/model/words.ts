import type { ReceiptState } from '@parley/relay/protocol'

/** `812 B`, `3.4 KB`, `16 MB`. */
export function fileSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'KB'] : [bytes / 1_000_000, 'MB']
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

const minute = 60
const [hour, day] = [60 * minute, 24 * 60 * minute]

/** How old something is, as one number: `40 s`, `3 min`, `5 h`, `12 d`. */
export function age(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < minute) return `${whole} s`
  if (whole < hour) return `${Math.floor(whole / minute)} min`
  return whole < day ? `${Math.floor(whole / hour)} h` : `${Math.floor(whole / day)} d`
}

export const secondsSince = (iso: string, nowMs: number): number => (nowMs - Date.parse(iso)) / 1_000

/** `1 link`, `3 links`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`

export const receiptBadges: Readonly<Record<ReceiptState, { text: string; className: string }>> = {
  queued: { text: 'Queued', className: 'badge-edited' },
  sent: { text: 'Sent', className: 'badge-accent' },
  confirmed: { text: 'Confirmed', className: 'badge-accent' },
  parked: { text: 'Parked', className: 'badge-edited' },
  dead: { text: 'Dead', className: 'badge-danger' },
}

/** How an action was degraded; undefined: it was not. */
export const rungWords = (rung: string | null): string | undefined =>
  rung === null ? undefined : rungs[rung]

const rungs: Readonly<Record<string, string>> = {
  text: 'options as numbered text',
  split: 'in several messages',
  unreplied: 'without its reply',
}

const reasons: Readonly<Record<string, string>> = {
  owner: 'they are linked to it',
  grant: 'the chat was granted to it',
  route: 'the chat leads to its tenant',
  dm: 'it takes their direct messages',
  press: 'it asked the question',
  unlinked: 'nobody is linked',
  'not-visible': 'its owner may not view the chat',
  'not-addressed': 'the bot was not addressed',
  'bot-author': 'another bot wrote it',
  principal: 'they may not speak to it',
  self: 'the bot wrote it',
  'link-command': 'it was a link command',
  'not-provisioned': 'no tenant fronts the bot',
  'ambiguous-route': 'several agents would be possible',
  'too-large': 'it is too large',
}

/** Why a message went somewhere or did not, in words; a reason that is not known as it is. */
export const reasonWords = (reason: string): string => reasons[reason] ?? reason
