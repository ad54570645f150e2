import type { ComponentType } from 'react'
import { HandshakeIcon, RoomIcon, WebhookIcon } from '../ui/icons.js'

/** A page of the console that belongs to a plane. */
export type PlanePage = {
  readonly plane: string
  readonly label: string
  readonly to: '/handshakes' | '/threads' | '/webhooks'
  readonly Icon: ComponentType
}

const pages: readonly PlanePage[] = [
  { plane: 'handshake', label: 'Handshakes', to: '/handshakes', Icon: HandshakeIcon },
  { plane: 'threads', label: 'Rooms', to: '/threads', Icon: RoomIcon },
  { plane: 'threads', label: 'Webhooks', to: '/webhooks', Icon: WebhookIcon },
]

/** Pages of the planes that this server has, in the order of the navigation. */
export function pagesOf(planes: readonly string[]): readonly PlanePage[] {
  return pages.filter((page) => planes.includes(page.plane))
}
