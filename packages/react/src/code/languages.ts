/** The languages that can be highlighted. The engine has a grammar for each. */
export type Language =
  | 'typescript'
  | 'tsx'
  | 'json'
  | 'shellscript'
  | 'python'
  | 'html'
  | 'css'
  | 'sql'
  | 'yaml'
  | 'markdown'
  | 'go'
  | 'rust'
  | 'java'
  | 'diff'

// JavaScript is read as TypeScript: one grammar to load instead of two that are almost the same.
const names: Record<Language, string> = {
  typescript: 'typescript ts mts cts javascript js mjs cjs',
  tsx: 'tsx jsx',
  json: 'json jsonc json5',
  shellscript: 'shellscript shell bash sh zsh',
  python: 'python py',
  html: 'html htm',
  css: 'css',
  sql: 'sql postgres postgresql sqlite',
  yaml: 'yaml yml',
  markdown: 'markdown md',
  go: 'go golang',
  rust: 'rust rs',
  java: 'java',
  diff: 'diff patch',
}

/** The language that people mean by a name behind a fence, or undefined. */
export function languageOf(name: string): Language | undefined {
  const wanted = name.toLowerCase()
  // The cast: the keys are written above.
  const languages = Object.keys(names) as Language[]
  return languages.find((language) => names[language].split(' ').includes(wanted))
}
