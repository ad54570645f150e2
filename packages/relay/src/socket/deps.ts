import type { Bots, Commands, Deliveries, Outbound, RelayDeps, VerifyToken } from '../service/deps.js'

/** What the sockets call. */
export type SocketDeps = {
  deps: RelayDeps
  verify: VerifyToken
  deliveries: Deliveries
  outbound: Pick<Outbound, 'perform' | 'forget'>
  bots: Pick<Bots, 'get'>
  commands: Pick<Commands, 'offer'>
}
