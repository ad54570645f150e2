/** The code in the fragment of an owner link (`#code=…`), or null. */
export function readLinkCode(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('code') || null
}

/** Takes the code out of the address, so that it stays neither in sight nor in the history. */
export function takeLinkCode(page: Pick<Window, 'location' | 'history'>): string | null {
  const code = readLinkCode(page.location.hash)
  if (code) page.history.replaceState(page.history.state, '', page.location.pathname)
  return code
}
