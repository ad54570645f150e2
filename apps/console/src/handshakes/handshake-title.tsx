import type { Handshake } from './model/handshake.js'

/** What the page called it, else its mode. */
export function HandshakeTitle({ handshake }: { handshake: Pick<Handshake, 'title' | 'mode'> }) {
  return <>{titleOf(handshake)}</>
}

export function titleOf({ title, mode }: Pick<Handshake, 'title' | 'mode'>): string {
  return title ?? `Untitled ${mode}`
}
