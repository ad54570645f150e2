import type { AnswerHeaders } from '@parley/kernel/http'

/** Headers of pages: nothing from elsewhere, no framing, no inline scripts. */
export function pageHeaders({ inlineStyles = false } = {}): AnswerHeaders {
  const style = inlineStyles ? "'self' 'unsafe-inline'" : "'self'"
  return {
    'content-security-policy': [
      "default-src 'self'",
      "script-src 'self'",
      `style-src ${style}`,
      "img-src 'self' data:",
      "font-src 'self' data:",
      "connect-src 'self' ws: wss:",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ].join('; '),
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  }
}
