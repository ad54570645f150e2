// What a handler says is checked like what people send: its words are often a model's, and readers trust the log.
// Everything throws `threads.invalid_request` or `threads.payload_too_large`, with a text that names the member.
import * as z from 'zod/mini'
import { type ContentOptions, lengths, parseEventDraft, text } from '../../protocol/index.js'
import { readAs } from '../../protocol/read.js'
import { jsonObject, metadataObject, nameText, orElse } from '../../protocol/shapes.js'
import type { Emission } from './handler.js'
import { isTextStream } from './streams/text-source.js'

type Said = { content: unknown; metadata?: unknown; recipients?: unknown }
type Checked = Pick<Emission, 'content' | 'stream' | 'metadata' | 'recipients'>

/** A message, as the draft of one. Of a stream only the rest is known yet: it becomes one text part. */
export function checkMessage({ content, ...rest }: Said, options: ContentOptions): Checked {
  const isStream = isTextStream(content)
  const draft = parseEventDraft({ ...rest, content: isStream ? [text('')] : content }, options)
  const { metadata = {}, recipients } = draft
  const said = isStream ? { stream: content } : { content: draft.content }
  return { ...said, metadata, ...(recipients && { recipients }) }
}

const metadata = orElse(metadataObject(), () => ({}))
const reasoning = z.object({ content: z.string(), metadata })
const toolCall = z.object({ id: nameText(lengths.id), name: z.string(), metadata })
const toolResult = z.object({ toolId: nameText(lengths.id), error: z.nullish(jsonObject), metadata })

/** A reasoning. */
export function checkReasoning({ content, metadata }: Said): Checked {
  if (!isTextStream(content)) return readAs(reasoning, { content, metadata }, 'reasoning')
  return { stream: content, metadata: readAs(reasoning, { content: '', metadata }, 'reasoning').metadata }
}

/** A call of a tool, without its arguments: they are any JSON. */
export const checkToolCall = (call: { id: unknown; name: unknown; metadata?: unknown }) =>
  readAs(toolCall, call, 'tool call')

/** What a tool answered, without its result: that is any JSON. */
export const checkToolResult = (result: { toolId: unknown; error?: unknown; metadata?: unknown }) =>
  readAs(toolResult, result, 'tool result')
