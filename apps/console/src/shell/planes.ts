import type { ComponentType } from 'react'
import { HandshakeIcon } from '../ui/icons.js'

type PlanePage = {
  readonly plane: string
  readonly label: string
  readonly to: '/handshakes'
  readonly Icon: ComponentType
}

const pages: readonly PlanePage[] = [
  { plane: 'handshake', label: 'Handshakes', to: '/handshakes', Icon: HandshakeIcon },
]

/** Pages of the planes that this server has, in the order of the navigation. */
export function pagesOf(planes: readonly string[]): readonly PlanePage[] {
  return pages.filter((page) => planes.includes(page.plane))
}
