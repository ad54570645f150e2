import type { CapabilityDescriptor } from '../protocol/index.js'

/** The descriptors of one connection after another. */
export interface Handshake {
  /** By platform, of the connection there is. */
  readonly descriptors: ReadonlyMap<string, CapabilityDescriptor>
  begin(): void
  opened(): void
  take(descriptor: CapabilityDescriptor): void
  lost(): void
  /** The first descriptor, now or when it comes. Rejects when there is no connection, or it is lost before. */
  wait(): Promise<CapabilityDescriptor>
}

export function createHandshake(): Handshake {
  let descriptors = new Map<string, CapabilityDescriptor>()
  let first: CapabilityDescriptor | undefined
  let isOpen = false
  let waiting: { resolve(descriptor: CapabilityDescriptor): void; reject(error: Error): void }[] = []

  return {
    get descriptors() {
      return descriptors
    },
    begin: () => {
      first = undefined
      descriptors = new Map()
    },
    opened: () => {
      isOpen = true
    },
    take: (descriptor) => {
      first ??= descriptor
      descriptors.set(descriptor.platform, descriptor)
      for (const { resolve } of waiting) resolve(first)
      waiting = []
    },
    lost: () => {
      isOpen = false
      for (const { reject } of waiting) reject(new Error('relay transport connection lost'))
      waiting = []
    },
    wait: () => {
      if (!isOpen) return Promise.reject(new Error('relay transport not connected'))
      if (first) return Promise.resolve(first)
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
  }
}
