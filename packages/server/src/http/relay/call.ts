import type { Principal } from '@parley/kernel/principal'
import type { BotIdentity, OperatorRoute, Within } from '@parley/relay'
import type { Context } from 'hono'
import type * as z from 'zod'

/** Who asks for what. */
export type Asked = { context: Context; within: Within; who: Principal }

/** One route and what it does. */
export type Call = { route: OperatorRoute; body?: z.ZodType; run(asked: Asked): Promise<unknown> }

/** A part of the path. */
export const part = ({ req }: Context, name: string): string => req.param(name) ?? ''

export const botOf = (context: Context): BotIdentity => ({
  platform: part(context, 'platform'),
  botId: part(context, 'botId'),
})
