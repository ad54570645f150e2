import type { NodeId } from '../../ids/index.js'

/**
 * The channel of one node, or of all. The braces are a cluster's hash tag: all channels of a deployment are in one
 * slot, so one Redis node carries them all and messages keep their order across channels.
 */
export function channelOf(prefix: string, node: NodeId | undefined): string {
  return node === undefined ? `{${prefix}}:all` : `{${prefix}}:node:${node}`
}

/** True for prefixes that leave the hash tag whole. */
export const isChannelPrefix = (prefix: string): boolean => /^[\w.:-]{1,100}$/.test(prefix)
