// Reads MarkdownV2 as Telegram does, as far as tests need it: https://core.telegram.org/bots/api#markdownv2-style

const reserved = '_*[]()~`>#+-=|{}.!'

/** The plain text, or the character that should have been escaped. */
export function readMarkdownV2(text: string): { text: string } | { wrong: string } {
  const open: string[] = []
  let plain = ''
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    const fence = text.startsWith('```', at) ? '```' : '`'
    if (char === '\\') plain += text.charAt(++at)
    else if (char === '`') {
      const code = codeAt(text, at + fence.length, fence)
      if (!code) return { wrong: '`' }
      plain += fence === '```' ? code.text.replace(/^[\w+-]*\n/, '').replace(/\n$/, '') : code.text
      at = code.end - 1
    } else if (char === '[') open.push('[')
    else if (char === ']' && open.at(-1) === '[') {
      const link = /^\]\(((?:\\.|[^\\)])*)\)/.exec(text.slice(at))
      if (!link) return { wrong: ']' }
      open.pop()
      at += link[0].length - 1
    } else if ('*_~'.includes(char)) {
      if (open.at(-1) === char) open.pop()
      else open.push(char)
    } else if (reserved.includes(char)) return { wrong: char }
    else plain += char
  }
  const [left] = open
  return left === undefined ? { text: plain } : { wrong: left }
}

function codeAt(text: string, start: number, fence: string): { text: string; end: number } | undefined {
  let code = ''
  for (let at = start; at < text.length; at++) {
    if (text.startsWith(fence, at)) return { text: code, end: at + fence.length }
    code += text.charAt(at) === '\\' ? text.charAt(++at) : text.charAt(at)
  }
  return undefined
}
