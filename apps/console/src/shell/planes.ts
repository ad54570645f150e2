import type { ComponentType } from 'react'
import {
  AgentIcon,
  HandshakeIcon,
  QueueIcon,
  RoomIcon,
  RuntimeIcon,
  SessionIcon,
  WebhookIcon,
} from '../ui/icons.js'

/** A page of the console that belongs to a plane. */
export type PlanePage = {
  readonly plane: string
  readonly label: string
  readonly to:
    | '/handshakes'
    | '/threads'
    | '/webhooks'
    | '/sessions'
    | '/message-queue'
    | '/agents'
    | '/runtimes'
  readonly Icon: ComponentType
}

const pages: readonly PlanePage[] = [
  { plane: 'handshake', label: 'Handshakes', to: '/handshakes', Icon: HandshakeIcon },
  { plane: 'threads', label: 'Rooms', to: '/threads', Icon: RoomIcon },
  { plane: 'threads', label: 'Webhooks', to: '/webhooks', Icon: WebhookIcon },
  { plane: 'sessions', label: 'Sessions', to: '/sessions', Icon: SessionIcon },
  { plane: 'sessions', label: 'Message queue', to: '/message-queue', Icon: QueueIcon },
  { plane: 'sessions', label: 'Agents', to: '/agents', Icon: AgentIcon },
  { plane: 'sessions', label: 'Runtimes', to: '/runtimes', Icon: RuntimeIcon },
]

/** Pages of the planes that this server has, in the order of the navigation. */
export function pagesOf(planes: readonly string[]): readonly PlanePage[] {
  return pages.filter((page) => planes.includes(page.plane))
}
