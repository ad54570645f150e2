// Who delivers to whom on this node (contract 7 and 10).

import { relayErrors } from '../../errors.js'
import type { Deliveries, GatewayLink, RelayDeps, Waker } from '../deps.js'
import { Acks } from './acks.js'
import { Heirs } from './heirs.js'
import { goIdle, idleIfAsked } from './idling.js'
import { Interrupts } from './interrupts.js'
import { toKey } from './names.js'
import { listenToNodes, type News, nodesOf, type Question } from './nodes.js'
import { repeating } from './repeating.js'
import { closeRevoked, revalidate } from './revocation.js'
import { Seats } from './seats.js'
import { Succession } from './succession.js'
import { liveForMs, type Taken } from './takeover.js'

export type DeliveriesParts = {
  /** Poked when an instance goes idle while events wait. */
  waker?: Pick<Waker, 'wake'>
}

const beatMs = liveForMs / 3
/** Between two looks at what the store says of the sockets here. */
const lookMs = 30_000

/** Call `start` before the first socket is taken. */
export function createDeliveries(
  deps: RelayDeps,
  { waker }: DeliveriesParts = {},
): Deliveries & { start(): Promise<void> } {
  const { ground, store, onFault } = deps
  const { clock, log, node } = ground
  const fault = (error: unknown) => onFault(error, 'relay.deliveries')
  const stopping = new AbortController()
  const links = new Set<GatewayLink>()
  const heirs = new Heirs(links)
  const nodes = nodesOf(ground)
  const taken = ({ row, formerNode }: Taken) => {
    if (formerNode === null || formerNode === node) return
    nodes.tell({ news: 'taken', key: toKey(row), epoch: row.epoch })
  }
  const seats = new Seats({ deps, stopping: stopping.signal, taken })
  const acks = new Acks(deps, seats, stopping.signal)
  const interrupts = new Interrupts(deps, seats, nodes)
  const succession = new Succession({ deps, seats, heirs, acks, stopping: stopping.signal })
  const idling = { deps, seats, nodes, ...(waker && { waker }) }

  const answer = async (question: Question) =>
    question.ask === 'idle' ? await idleIfAsked(idling, question) : interrupts.sendHere(question)
  const hear = (news: News) => {
    if (news.news === 'revoked') closeRevoked(links, news.gone)
    else if (news.news === 'taken') seats.find(news.key)?.surpassed(news.epoch)
    else if (heirs.of(news.key)) succession.look([news.key]).catch(fault)
  }
  const look = async () => {
    await revalidate(deps, [...links])
    await succession.look([...links].map(({ gateway }) => toKey(gateway)))
  }
  const beat = async () => {
    if (!seats.isAny) return
    const liveUntil = clock.micros() + liveForMs * 1_000
    await log.commit({ ops: [store.instances.beat(node, liveUntil)], appends: [] })
  }
  const beats = repeating(clock, beatMs, beat, fault)
  const looks = repeating(clock, lookMs, look, fault)
  const stopListening = listenToNodes(ground, { answer, hear, missed: looks.soon })

  return {
    // What an earlier life left: of this node, or of any where only one process has the data.
    start: async () => {
      const left = store.instances.leave(ground.db.exclusive ? null : node)
      await log.commit({ ops: [left], appends: [] })
    },
    attach: async (link) => {
      if (!link.isOpen || stopping.signal.aborted) return
      links.add(link)
      // What was acknowledged on an older socket does not come again on this one.
      await acks.settled(link)
      if (!link.isOpen || stopping.signal.aborted) return
      await seats.of(link.gateway).hold(link)
      seats.prune(link.gateway)
    },
    detach: async (link) => {
      links.delete(link)
      const heir = heirs.of(link.gateway)
      const wasHolder = await seats.find(link.gateway)?.release(link, heir)
      if (wasHolder && !heir && !stopping.signal.aborted)
        nodes.tell({ news: 'left', key: toKey(link.gateway) })
      seats.prune(link.gateway)
    },
    goIdle: async (link) => {
      const key = toKey(link.gateway)
      const request = ground.ids.next('idle')
      // First: whoever holds it may be lost while it is asked.
      heirs.wentIdle(key, request)
      await goIdle(idling, link).catch((error: unknown) => {
        heirs.stayedAwake(key, request)
        throw error
      })
      if (stopping.signal.aborted) throw relayErrors.unavailable()
    },
    ack: (link, bufferId) => acks.take(link, bufferId),
    interrupt: (from, sessionKey) => interrupts.ask(from, sessionKey),
    interruptInstance: (key, sessionKey, chatId) => {
      interrupts.send({ key: toKey(key), sessionKey, chatId }).catch(fault)
    },
    revoke: (gone) => {
      closeRevoked(links, gone)
      nodes.tell({ news: 'revoked', gone: 'gatewayId' in gone ? { gatewayId: gone.gatewayId } : toKey(gone) })
    },
    links: () => [...links],
    stop: async () => {
      stopping.abort()
      stopListening()
      await Promise.all([beats.stop(), looks.stop()])
      await seats.stop()
      await log.commit({ ops: [store.instances.leave(node)], appends: [] }).catch(fault)
    },
  }
}
