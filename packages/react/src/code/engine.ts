// Loaded when the first block of code is shown. The regular expressions are JavaScript's own: neither wasm nor code made
// from text, so that a strict content security policy has nothing to forbid. Colours are left to the page's styles.
import {
  createCssVariablesTheme,
  createHighlighterCore,
  type HighlighterCore,
  type LanguageInput,
} from 'shiki/core'
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript'
import type { Language } from './languages.js'

/** A piece of a line. `kind` (`keyword`, `string`, `comment` …) is absent for what has no colour of its own. */
export type Token = { text: string; kind?: string }

const grammars: Record<Language, LanguageInput> = {
  typescript: () => import('shiki/langs/typescript.mjs'),
  tsx: () => import('shiki/langs/tsx.mjs'),
  json: () => import('shiki/langs/json.mjs'),
  shellscript: () => import('shiki/langs/shellscript.mjs'),
  python: () => import('shiki/langs/python.mjs'),
  html: () => import('shiki/langs/html.mjs'),
  css: () => import('shiki/langs/css.mjs'),
  sql: () => import('shiki/langs/sql.mjs'),
  yaml: () => import('shiki/langs/yaml.mjs'),
  markdown: () => import('shiki/langs/markdown.mjs'),
  go: () => import('shiki/langs/go.mjs'),
  rust: () => import('shiki/langs/rust.mjs'),
  java: () => import('shiki/langs/java.mjs'),
  diff: () => import('shiki/langs/diff.mjs'),
}

const theme = 'parley'
const variable = '--token-'
let highlighter: Promise<HighlighterCore> | undefined

/** The lines of `code` as tokens. */
export async function tokensOf(code: string, language: Language): Promise<Token[][]> {
  highlighter ??= createHighlighterCore({
    themes: [createCssVariablesTheme({ name: theme, variablePrefix: variable })],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  })
  const core = await highlighter
  await core.loadLanguage(grammars[language])
  const lines = core.codeToTokensBase(code, {
    lang: language,
    theme,
    // Length bounds the work, and not time: a slow machine would lose colours when a grammar is used first.
    tokenizeMaxLineLength: 500,
    tokenizeTimeLimit: 0,
  })
  return lines.map((line) => line.map(({ content, color }) => ({ text: content, kind: kindOf(color) })))
}

// The theme's colours are names of variables: `var(--token-token-keyword)`, and `var(--token-foreground)` for the rest.
function kindOf(color: string | undefined): string | undefined {
  return /^var\(--token-token-([a-z-]+)\)$/.exec(color ?? '')?.[1]
}
