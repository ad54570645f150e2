import * as z from 'zod'
import { contractVersion } from '../version.js'

/** What a platform can do (contract 3). Immutable for the life of a connection. */
export const CapabilityDescriptor = z.object({
  contract_version: z.int().default(contractVersion),
  /** `discord`, `telegram`, `slack`, … */
  platform: z.string(),
  label: z.string(),
  /** Per message, in `len_unit`. */
  max_message_length: z.int().positive(),
  supports_draft_streaming: z.boolean(),
  supports_edit: z.boolean(),
  supports_threads: z.boolean(),
  /** `plain` or empty: no code blocks. */
  markdown_dialect: z.string(),
  /** `chars` are code points, `utf16` code units. */
  len_unit: z.enum(['chars', 'utf16']),
  emoji: z.string().optional(),
  platform_hint: z.string().optional(),
  pii_safe: z.boolean().optional(),
  supports_context: z.boolean().optional(),
  /** Ops that are implemented; a list that is not empty is exhaustive. */
  supported_ops: z.array(z.string()).optional(),
  supports_inchannel_continuable: z.boolean().optional(),
  supports_block_formatting: z.boolean().optional(),
})
export type CapabilityDescriptor = z.infer<typeof CapabilityDescriptor>
