// Links that people send each other are opened by browsers: a scheme is allowed by name or not at all.

const always = ['http', 'https']
// Both run or show what the sender wrote, in the page that opens them.
const never = new Set(['javascript', 'data'])

/**
 * True for an absolute URL with one of the schemes http, https and `extra` (`s3`, `ipfs:`). `javascript:` and `data:`
 * are false whatever `extra` says. Interfaces ask this again before they make a link: not every server checks.
 */
export function isAllowedUrl(url: string, extra: readonly string[] = []): boolean {
  // A browser skips blanks and line breaks before and inside a scheme; here they make it no scheme.
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase()
  if (scheme === undefined || never.has(scheme)) return false
  const allowed = [...always, ...extra.map((one) => one.toLowerCase().replace(/:$/, ''))]
  return allowed.includes(scheme) && URL.canParse(url)
}
