// Markdown as agents write it, in Telegram's MarkdownV2: https://core.telegram.org/bots/api#markdownv2-style

type Rule = { pattern: RegExp; render(match: RegExpExecArray): string }

// Every pattern is linear: what stands between its marks can't hold the mark.
const rules: readonly Rule[] = [
  {
    pattern: /```([\w+-]*)\n?([\s\S]*?)(?:```|$)/y,
    render: ([, language = '', code = '']) => `\`\`\`${language}\n${escapeCode(code)}\n\`\`\``,
  },
  { pattern: /`([^`\n]+)`/y, render: ([, code = '']) => `\`${escapeCode(code)}\`` },
  {
    pattern: /\[([^\][\n]+)\]\((https?:\/\/[^\s()]+)\)/y,
    render: ([, text = '', url = '']) => `[${escapeText(text)}](${url.replace(/[\\)]/g, '\\$&')})`,
  },
  { pattern: /\*\*([^*\n]+)\*\*/y, render: ([, text = '']) => `*${escapeText(text)}*` },
  { pattern: /~~([^~\n]+)~~/y, render: ([, text = '']) => `~${escapeText(text)}~` },
  { pattern: /\*([^*\s](?:[^*\n]*[^*\s])?)\*/y, render: ([, text = '']) => `_${escapeText(text)}_` },
  // A name such as `a_b_c` is none.
  {
    pattern: /(?<!\w)_([^_\s](?:[^_\n]*[^_\s])?)_(?!\w)/y,
    render: ([, text = '']) => `_${escapeText(text)}_`,
  },
]

/** The text with its markup; what is no markup is escaped. */
export function renderMarkdown(text: string): string {
  let rendered = ''
  for (let at = 0; at < text.length; ) {
    const found = ruleAt(text, at)
    rendered += found ? found.rendered : escapeText(text.charAt(at))
    at += found?.length ?? 1
  }
  return rendered
}

function ruleAt(text: string, at: number): { rendered: string; length: number } | undefined {
  if (!'`[*~_'.includes(text.charAt(at))) return undefined
  for (const { pattern, render } of rules) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match) return { rendered: render(match), length: match[0].length }
  }
  return undefined
}

const escapeText = (text: string): string => text.replace(/[_*[\]()~`>#+\-=|{}.!\\]/g, '\\$&')
const escapeCode = (code: string): string => code.replace(/\n$/, '').replace(/[`\\]/g, '\\$&')
