import { kernelErrors } from '../../errors/index.js'
import type { Clock, Ids, NodeId } from '../../ids/index.js'
import { linkedBus } from '../linked-bus.js'
import type { Bus } from '../port.js'
import { assertRedisUrl, withoutSecrets } from './address.js'
import { isChannelPrefix } from './channels.js'
import { openRedisLink } from './link.js'

export type RedisBusOptions = {
  /** `redis://` or `rediss://`, with a password if need be: a server, or any node of a cluster. */
  url: string
  /** Begins the name of every channel (`parley`), so that deployments can share a Redis. 1 to 100 of `A-Z a-z 0-9 _ . : -`. */
  prefix?: string
  /** Default: a new id. */
  node?: NodeId
  clock: Clock
  ids: Ids
  /** Told of broken connections, without the URL or its password, and of listeners that throw. */
  onFault?(error: unknown, where: string): void
}

/**
 * A bus over publish and subscribe with two connections of its own. Connects in the background and again whenever a
 * connection breaks: hints wait meanwhile, signals are lost, and listeners of `onGap` here and on the other nodes
 * hear of it. Throws `kernel.invalid_request` for a URL or a prefix that can't be one.
 */
export function redisBus(options: RedisBusOptions): Bus {
  const { url, prefix = 'parley', clock, ids, node = ids.next('node'), onFault = () => {} } = options
  assertRedisUrl(url)
  if (!isChannelPrefix(prefix))
    throw kernelErrors.invalidRequest({
      message: 'The prefix of Redis channels has 1 to 100 of A-Z a-z 0-9 _ . : -',
    })
  return linkedBus({
    node,
    clock,
    ids,
    name: 'redis bus',
    onFault,
    describe: (error) => withoutSecrets(error, url),
    connect: (events) => openRedisLink({ ...events, url, prefix, node, clock }),
  })
}
