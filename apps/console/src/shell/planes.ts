import type { ComponentType } from 'react'
import {
  AgentIcon,
  DecisionIcon,
  GatewayIcon,
  HandshakeIcon,
  PlatformIcon,
  QueueIcon,
  ReceiptIcon,
  RoomIcon,
  RuntimeIcon,
  SessionIcon,
  SimulatorIcon,
  TenantIcon,
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
    | '/platforms'
    | '/gateways'
    | '/tenants'
    | '/receipts'
    | '/decisions'
    | '/simulator'
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
  { plane: 'relay', label: 'Platforms', to: '/platforms', Icon: PlatformIcon },
  { plane: 'relay', label: 'Gateways', to: '/gateways', Icon: GatewayIcon },
  { plane: 'relay', label: 'Tenants', to: '/tenants', Icon: TenantIcon },
  { plane: 'relay', label: 'Receipts', to: '/receipts', Icon: ReceiptIcon },
  { plane: 'relay', label: 'Decisions', to: '/decisions', Icon: DecisionIcon },
  { plane: 'relay', label: 'Simulator', to: '/simulator', Icon: SimulatorIcon },
]

/** Pages of the planes that this server has, in the order of the navigation. */
export function pagesOf(planes: readonly string[]): readonly PlanePage[] {
  return pages.filter((page) => planes.includes(page.plane))
}
