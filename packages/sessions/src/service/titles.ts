import type { SessionRow } from '../store/port.js'
import type { SessionsDeps } from './deps.js'

const maxTitle = 120

/** The first 120 characters of a session's first prompt; undefined when it says nothing. */
export function toTitle(prompt: string): string | undefined {
  const text = prompt.trim()
  if (text === '') return undefined
  // Enough of it: a prompt may be half a megabyte.
  const characters = Array.from(text.slice(0, 2 * maxTitle + 2))
  return characters.length > maxTitle ? `${characters.slice(0, maxTitle).join('')}...` : text
}

/** Gives a session its title when its host tells nothing of its prompts: for all others that is done by their events. */
export async function entitle(
  { ground, store }: Pick<SessionsDeps, 'ground' | 'store'>,
  { id, hostId }: SessionRow,
  prompt: string,
): Promise<void> {
  const title = toTitle(prompt)
  if (hostId !== null || title === undefined) return
  if ((await store.sessions.find(id))?.title !== null) return
  const op = store.sessions.change(id, { title }, { status: 'active' })
  await ground.log.commit({ ops: [op], appends: [] })
}
