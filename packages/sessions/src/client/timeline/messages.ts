// Chunks become messages.
import type { ItemList } from './item-list.js'
import type { ContentBlock, MessageItem, PromptItem, ThoughtItem } from './items.js'
import { type Fields, fieldsOf, textOf } from './read.js'

type Written = MessageItem | ThoughtItem | PromptItem
type Kind = Written['kind']

/** Who writes what at the moment: chunks in a row are one message, and so are those with the same id. */
export class Messages {
  readonly #items: ItemList
  #open: { kind: Kind; place: number; messageId: string | undefined } | undefined
  /** What a person asked last, as far as the agent has not repeated it. */
  #echo = ''

  constructor(items: ItemList) {
    this.#items = items
  }

  /** Something else came in between. */
  close(): void {
    this.#open = undefined
  }

  prompt(text: string, blocks: readonly ContentBlock[], turn: { at: string; turnId?: string }): void {
    this.close()
    this.#echo = text
    this.#items.add({ key: this.#items.nextKey('prompt'), kind: 'prompt', text, blocks, ...turn })
  }

  chunk(kind: Kind, { content, messageId }: Fields, at: string): void {
    const block = blockOf(content)
    if (!block) return
    const text = block.type === 'text' ? (textOf(block.text) ?? '') : ''
    if (kind === 'prompt' && this.#isEcho(text)) return
    const open = this.#opened(kind, textOf(messageId), at)
    const item = this.#items.at(open.place)
    if (item) this.#items.replace(open.place, grown(item as Written, text, block))
  }

  /** WHY: some agents say the prompt once more before they answer it. */
  #isEcho(text: string): boolean {
    if (text === '' || !this.#echo.startsWith(text)) return false
    this.#echo = this.#echo.slice(text.length)
    return true
  }

  #opened(kind: Kind, messageId: string | undefined, at: string) {
    const open = this.#open
    const isSame = open?.kind === kind && (messageId === undefined || open.messageId === messageId)
    if (open && isSame) return open
    const start = { key: this.#items.nextKey(kind), at, text: '' }
    const item: Written = kind === 'thought' ? { ...start, kind } : { ...start, kind, blocks: [] }
    this.#open = { kind, place: this.#items.add(item), messageId }
    return this.#open
  }
}

function grown(item: Written, text: string, block: ContentBlock): Written {
  if (block.type === 'text') return { ...item, text: item.text + text }
  return item.kind === 'thought' ? item : { ...item, blocks: [...item.blocks, block] }
}

/** A content block, or undefined for what is none. */
export function blockOf(value: unknown): ContentBlock | undefined {
  const fields = fieldsOf(value)
  const type = textOf(fields.type)
  return type === undefined ? undefined : { ...fields, type }
}
