import type { KeyboardEvent } from 'react'

export type ComposerKey = 'send' | 'pick' | 'next' | 'previous' | 'close'

/** What a key means in the composer; undefined where it is only written. */
export function composerKey(event: KeyboardEvent, isOffering: boolean): ComposerKey | undefined {
  // While characters are composed, Enter picks one of them. OUTSIDE: Safari ends the composition before the key, whose
  // code is then 229.
  if (event.nativeEvent.isComposing || event.keyCode === 229) return undefined
  if (isOffering) {
    const act = offerKeys[event.key]
    if (act && !event.shiftKey) return act
  }
  return event.key === 'Enter' && !event.shiftKey ? 'send' : undefined
}

const offerKeys: Record<string, ComposerKey | undefined> = {
  Enter: 'pick',
  Tab: 'pick',
  ArrowDown: 'next',
  ArrowUp: 'previous',
  Escape: 'close',
}
