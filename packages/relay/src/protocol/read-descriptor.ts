import { isJsonObject } from '@parley/kernel/wire'
import type { CapabilityDescriptor } from './descriptor.js'

/** What a sender understands whose list of ops is empty. */
const legacyOps = ['send', 'edit', 'typing', 'follow_up']
const defaultMaxLength = 4_096

/**
 * A descriptor as a gateway uses it (contract 3): unknown members left out, defaults filled in, odd numbers and lists mended.
 * Undefined when one of the nine required members is missing or of another type.
 */
export function readDescriptor(value: unknown): CapabilityDescriptor | undefined {
  if (!isJsonObject(value) || !hasRequired(value)) return undefined
  const { max_message_length: length } = value
  return {
    contract_version: value.contract_version,
    platform: value.platform,
    label: value.label,
    max_message_length: isInteger(length) && length > 0 ? length : defaultMaxLength,
    supports_draft_streaming: value.supports_draft_streaming,
    supports_edit: value.supports_edit,
    supports_threads: value.supports_threads,
    markdown_dialect: value.markdown_dialect,
    len_unit: value.len_unit === 'utf16' ? 'utf16' : 'chars',
    emoji: typeof value.emoji === 'string' ? value.emoji : '\u{1F50C}',
    platform_hint: typeof value.platform_hint === 'string' ? value.platform_hint : '',
    pii_safe: value.pii_safe === true,
    supports_context: value.supports_context === true,
    supported_ops: opsOf(value.supported_ops),
    supports_inchannel_continuable: value.supports_inchannel_continuable === true,
    supports_block_formatting: value.supports_block_formatting === true,
  }
}

/** A list that is not empty says all; an empty one stands for what every sender of the first era could do. */
export function supports(descriptor: Pick<CapabilityDescriptor, 'supported_ops'>, op: string): boolean {
  const ops = descriptor.supported_ops ?? []
  return (ops.length > 0 ? ops : legacyOps).includes(op)
}

const strings = ['platform', 'label', 'markdown_dialect'] as const
const booleans = ['supports_draft_streaming', 'supports_edit', 'supports_threads'] as const
type Required = Record<(typeof strings)[number], string> &
  Record<(typeof booleans)[number], boolean> & {
    contract_version: number
    max_message_length: unknown
    len_unit: unknown
  }

function hasRequired(value: Record<string, unknown>): value is Record<string, unknown> & Required {
  return (
    isInteger(value.contract_version) &&
    strings.every((name) => typeof value[name] === 'string') &&
    booleans.every((name) => typeof value[name] === 'boolean') &&
    value.max_message_length !== undefined &&
    value.len_unit !== undefined
  )
}

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value)

function opsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((op) => typeof op === 'string' && op !== '') : []
}
