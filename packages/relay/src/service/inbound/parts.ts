import type { BotHealth } from '../../platforms/port.js'
import type { BotIdentity } from '../../protocol/index.js'
import type { Bots, Buffers, Media, OpenBot, Outbound, RelayDeps, Vault } from '../deps.js'
import type { Links } from '../links/index.js'
import type { Turns } from '../media/turns.js'

/** What is done with what platforms deliver: the rooms that it goes to. */
export type InboundParts = {
  bots: Pick<Bots, 'get'>
  buffers: Buffers
  vault: Pick<Vault, 'bindOps'>
  media: Pick<Media, 'store' | 'urlOf'>
  outbound: Pick<Outbound, 'say' | 'seen'>
  links: Pick<Links, 'redeem'>
  /** Told how a bot is. Default: nobody. */
  onHealth?(bot: BotIdentity, health: BotHealth): void
}

/** Dependencies and parts in one, as every function here takes them. `files`: whose turn it is to hold one in memory. */
export type Work = RelayDeps & InboundParts & { files: Turns }

/** Throws a fault when it is not open here: the platform then delivers again. */
export function openBotOf({ bots }: Work, identity: BotIdentity): OpenBot {
  const open = bots.get(identity)
  if (!open) throw new Error(`bot ${identity.platform}/${identity.botId} is not open on this node`)
  return open
}
