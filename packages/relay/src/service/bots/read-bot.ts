// What an operator may say of a bot. Its names stand in addresses, leases and settings, so they are plain.

import * as z from 'zod'
import { relayErrors } from '../../errors.js'
import type { PlatformDriver } from '../../platforms/port.js'
import type { NewBot } from '../port.js'
import { isBounded } from './bounded.js'

const plain = (text: string) => !/[\p{Cc}\p{Cs}]/u.test(text)
const text = (longest: number) => z.string().trim().min(1).max(longest).refine(plain, 'must be plain text')
const tenants = z.array(text(200)).max(1_000).nullable()
const settings = z
  .record(z.string(), z.unknown())
  .refine((value) => isBounded(value, { depth: 8, chars: 16_384 }), 'is too large')

const newBot = z.object({
  driver: text(32),
  platform: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/)
    .optional(),
  botId: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,127}$/)
    .optional(),
  label: text(64).optional(),
  credentials: z.record(z.string(), z.string().max(8_192)).default({}),
  settings: settings.default({}),
  tenants: tenants.default(null),
})
const botChange = z.object({
  label: text(64).optional(),
  tenants: tenants.optional(),
  isEnabled: z.boolean().optional(),
  credentials: z.record(z.string(), z.string().max(8_192)).optional(),
})

/** What may be changed of a bot; `credentials` are all of its new ones. */
export type BotChange = z.infer<typeof botChange>
export type ReadBot = z.infer<typeof newBot>

/** Throws `relay.invalid_request` that names the member. */
export const readNewBot = (bot: NewBot): ReadBot => parsed(newBot, bot)
export const readBotChange = (change: unknown): BotChange => parsed(botChange, change)

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const member = issue?.path.join('.') || 'the body'
  // Never the value: it may be a credential.
  throw relayErrors.invalidRequest({ message: `${member} is not valid` })
}

/** The credentials that the driver knows. Throws when one is missing, or none of the driver's. */
export function readCredentials(
  driver: PlatformDriver,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const known = new Set(driver.credentials.map(({ name }) => name))
  if (Object.keys(given).some((name) => !known.has(name)))
    throw relayErrors.invalidRequest({ message: 'credentials has a member that this platform does not know' })
  const read: Record<string, string> = {}
  for (const { name, isOptional } of driver.credentials) {
    const value = (Object.hasOwn(given, name) ? given[name] : undefined)?.trim()
    if (value) read[name] = value
    else if (!isOptional) throw relayErrors.invalidRequest({ message: `credentials.${name} is missing` })
  }
  return read
}

/** The platform of a new bot: its driver's, or what the operator says where the driver has none. */
export function platformOf({ platform }: PlatformDriver, asked: string | undefined): string {
  if (platform === null && asked === undefined)
    throw relayErrors.invalidRequest({ message: 'platform is missing' })
  if (platform !== null && asked !== undefined && asked !== platform)
    throw relayErrors.invalidRequest({ message: `platform must be ${platform}` })
  return platform ?? asked ?? ''
}
