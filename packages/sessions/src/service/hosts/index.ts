import { type AcceptLink, createLinkAcceptor, type LinkTerms } from './accept-link.js'
import { Changes } from './changes.js'
import { ends } from './ends.js'
import { createHostLinks, type HostLinks, holderOf } from './host-links.js'
import { HostLink } from './link.js'
import type { LinkSocket } from './link-socket.js'
import { startLostHostSweep } from './lost-hosts.js'
import { askNode, type Question, type RequestAnswer, serveQuestions } from './nodes.js'
import { lost } from './open-requests.js'
import { Owners } from './owners.js'
import type { HostsDeps } from './parts.js'
import { Refusals } from './refusals.js'

export type { AcceptLink } from './accept-link.js'
export type { HostLinks } from './host-links.js'
export type { LinkSocket } from './link-socket.js'
export type { HostsDeps } from './parts.js'

/** The server's side of all links. */
export interface Hosts {
  readonly links: HostLinks
  /** Takes the upgrade of a host; refuses with 101 and a close code. */
  acceptLink: AcceptLink
  /** A host that was authenticated elsewhere. */
  take(socket: LinkSocket, host: { id: string }): void
  /** A call is waiting in `store.calls`: sends it, on whichever node the host is. */
  deliver(hostId: string): void
  /** Forgets a host and its token; its link closes, its sessions stay readable. */
  revoke(hostId: string): Promise<void>
  /** Closes every link (1001); hosts go on and come back. */
  stop(): Promise<void>
}

export function createHosts(deps: HostsDeps): Hosts {
  const { ground, store, onFault } = deps
  const changes = new Changes(ground.clock)
  const refusals = new Refusals()
  const open = new Set<HostLink>()
  let isStopping = false

  const owners: Owners<HostLink> = new Owners(deps, async (node, hostId) => {
    // A node that does not answer loses its lease in a moment.
    await askNode(ground.bus, node, { ask: 'yield', hostId }).catch(() => undefined)
  })
  const ended = async (link: HostLink) => {
    const { hostId } = link
    await owners
      .release(hostId, link, async (lease) => {
        const ops = [lease.guard(), store.hosts.setLost(hostId, ground.clock.micros())]
        await ground.log.commit({ ops, appends: [] })
      })
      .catch((error: unknown) => onFault(error, 'sessions.link'))
    open.delete(link)
    changes.tell()
  }
  const take = (socket: LinkSocket, host: { id: string }, terms: LinkTerms = {}) => {
    if (isStopping) return socket.close(...ends.goingAway)
    const claim = (link: HostLink) => owners.claim(host.id, link)
    const changed = () => changes.tell()
    open.add(new HostLink({ ...terms, deps, socket, host, refusals, claim, ended, changed }))
  }
  const stopServing = serveQuestions(ground.bus, (question) => answer(owners, question))
  const stopSweep = startLostHostSweep(deps, (hostId) => owners.find(hostId) !== undefined)

  const tellNode = async (hostId: string, ask: 'deliver' | 'revoke') => {
    const node = await holderOf(deps, hostId)
    if (node !== undefined) await askNode(ground.bus, node, { ask, hostId })
  }

  return {
    links: createHostLinks({ deps, owners, changes }),
    acceptLink: createLinkAcceptor({
      clock: ground.clock,
      findByToken: (hash) => store.hosts.findByToken(hash),
      accepted: take,
      isStopping: () => isStopping,
      onFault,
    }),
    take,
    deliver: (hostId) => {
      const link = owners.find(hostId)
      if (link) return link.deliver()
      // One that gets lost is found by the host's node in a few seconds.
      tellNode(hostId, 'deliver').catch(() => undefined)
    },
    revoke: async (hostId) => {
      await ground.log.commit({ ops: [store.hosts.remove(hostId)], appends: [] })
      await owners.find(hostId)?.end(ends.revoked)
      await tellNode(hostId, 'revoke').catch((error: unknown) => onFault(error, 'sessions.hosts'))
    },
    stop: async () => {
      isStopping = true
      await Promise.all([...open].map((link) => link.end(ends.goingAway)))
      await owners.idle()
      stopServing()
      await stopSweep()
    },
  }
}

/** What another node asks. */
async function answer(owners: Owners<HostLink>, question: Question): Promise<unknown> {
  const link = owners.find(question.hostId)
  switch (question.ask) {
    case 'request':
      return await request(link, question)
    case 'isCaughtUp':
      return link?.isCaughtUp === true
    case 'yield':
      return await owners.yield(question.hostId)
    case 'deliver':
      return link?.deliver()
    case 'revoke':
      return await link?.end(ends.revoked)
  }
}

async function request(
  link: HostLink | undefined,
  { request, timeoutMs }: Extract<Question, { ask: 'request' }>,
): Promise<RequestAnswer> {
  if (!link?.isUp) return { none: 'absent' }
  const response = await link.call(request, { timeoutMs })
  return response === lost ? { none: 'lost' } : { response }
}
