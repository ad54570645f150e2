import * as z from 'zod'
import { relayErrors } from '../../errors.js'
import type { OpenBotOptions, PlatformDriver } from '../port.js'
import type { SimBot } from '../sim-port.js'
import { openSim } from './bot.js'

const Settings = z.object({
  /** What users mention it by. Default: its label. */
  username: z.string().min(1).max(64).optional(),
})

/** Its bots can be looked at and played with. */
export type SimDriver = Omit<PlatformDriver, 'open'> & { open(options: OpenBotOptions): SimBot }

/**
 * A chat platform that lives in this process and in the log: nothing to register, nothing to pay, and the same on every node. A bot
 * whose `platform` is `discord`, `telegram` or `slack` imitates that one: its descriptor, its limits, its ids of threads, and whether
 * presses come as messages or as requests that are passed on. Settings: `username`.
 */
export function simDriver(): SimDriver {
  return {
    name: 'sim',
    platform: null,
    credentials: [],
    tenantSettings: ['username'],
    open: (options) => {
      const settings = Settings.safeParse(options.settings)
      if (!settings.success)
        throw relayErrors.invalidRequest({
          message: 'settings.username must be a string of 1 to 64 characters',
        })
      return openSim(options, settings.data)
    },
  }
}
