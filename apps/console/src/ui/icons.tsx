import type { ReactNode } from 'react'

// Drawn on a grid of 20, one stroke width. All are decoration: the text beside them says it.

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 20 20"
      className="size-5 shrink-0"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  )
}

export const HandshakeIcon = () => (
  <Icon>
    <path d="M3.5 4h7v7h-7zM9.5 9h7v7h-7z" />
  </Icon>
)

export const RoomIcon = () => (
  <Icon>
    <path d="M3.5 4h10v7.5H8L5 14v-2.5H3.5zM16.5 8v6.5H15V17l-2.5-2.5H9" />
  </Icon>
)

export const WebhookIcon = () => (
  <Icon>
    <circle cx="10" cy="5.5" r="2.2" />
    <circle cx="4.8" cy="14" r="2.2" />
    <circle cx="15.2" cy="14" r="2.2" />
    <path d="m9 7.6-3.2 4.5M7 14h6M11 7.6l3.2 4.5" />
  </Icon>
)

export const PanelIcon = () => (
  <Icon>
    <path d="M3 4.5h14v11H3zM12 4.5v11" />
  </Icon>
)

export const FormIcon = () => (
  <Icon>
    <path d="M4.5 3.5h11v13h-11zM7.5 7.5h5M7.5 10.5h5M7.5 13.5h2.5" />
  </Icon>
)

export const KeyIcon = () => (
  <Icon>
    <circle cx="6.5" cy="13.5" r="3" />
    <path d="m8.7 11.3 7-7M13 7l2.2 2.2" />
  </Icon>
)

export const MenuIcon = () => (
  <Icon>
    <path d="M3.5 6h13M3.5 10h13M3.5 14h13" />
  </Icon>
)

export const CloseIcon = () => (
  <Icon>
    <path d="m5 5 10 10M15 5 5 15" />
  </Icon>
)

export const BackIcon = () => (
  <Icon>
    <path d="M12 4.5 6.5 10l5.5 5.5" />
  </Icon>
)

export const SunIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="3.2" />
    <path d="M10 2.5v1.6M10 15.9v1.6M2.5 10h1.6M15.9 10h1.6M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1M4.7 15.3l1.1-1.1M14.2 5.8l1.1-1.1" />
  </Icon>
)

export const MoonIcon = () => (
  <Icon>
    <path d="M16 11.8A6.5 6.5 0 1 1 8.2 4a5.2 5.2 0 0 0 7.8 7.8Z" />
  </Icon>
)

export const ScreenIcon = () => (
  <Icon>
    <path d="M3 4.5h14v9H3zM7.5 16.5h5" />
  </Icon>
)

export const SessionIcon = () => (
  <Icon>
    <path d="M3 4.5h14v11H3zM6 8l2.2 2L6 12M10.5 12.5H14" />
  </Icon>
)

export const QueueIcon = () => (
  <Icon>
    <path d="M4 5.5h12M4 10h12M4 14.5h7" />
  </Icon>
)

export const AgentIcon = () => (
  <Icon>
    <path d="M4.5 7.5h11v8h-11zM10 7.5v-3M7.8 11v1.2M12.2 11v1.2M2.5 10.5v2M17.5 10.5v2" />
  </Icon>
)

export const RuntimeIcon = () => (
  <Icon>
    <path d="M3.5 4.5h13v4.5h-13zM3.5 11h13v4.5h-13zM6.5 6.8h.01M6.5 13.3h.01" />
  </Icon>
)

export const FolderIcon = () => (
  <Icon>
    <path d="M3 5.5h5l1.6 2H17v8H3z" />
  </Icon>
)

export const FileIcon = () => (
  <Icon>
    <path d="M5.5 3.5h6l3 3v10h-9zM11.5 3.5v3h3" />
  </Icon>
)

export const BranchIcon = () => (
  <Icon>
    <circle cx="6" cy="5" r="1.8" />
    <circle cx="6" cy="15" r="1.8" />
    <circle cx="14" cy="7" r="1.8" />
    <path d="M6 6.8v6.4M14 8.8c0 2.6-3.5 2.6-7.4 4.6" />
  </Icon>
)

export const ChevronIcon = () => (
  <Icon>
    <path d="m8 5.5 4.5 4.5L8 14.5" />
  </Icon>
)

export const UpIcon = () => (
  <Icon>
    <path d="m5.5 12 4.5-4.5 4.5 4.5" />
  </Icon>
)

export const DownIcon = () => (
  <Icon>
    <path d="m5.5 8 4.5 4.5L14.5 8" />
  </Icon>
)

export const StopIcon = () => (
  <Icon>
    <path d="M6 6h8v8H6z" fill="currentColor" />
  </Icon>
)

export const SendIcon = () => (
  <Icon>
    <path d="M10 16V4.5M5 9.5l5-5 5 5" />
  </Icon>
)

export const PlusIcon = () => (
  <Icon>
    <path d="M10 4.5v11M4.5 10h11" />
  </Icon>
)

export const SearchIcon = () => (
  <Icon>
    <circle cx="9" cy="9" r="4.8" />
    <path d="m12.6 12.6 3.9 3.9" />
  </Icon>
)

export const PlatformIcon = () => (
  <Icon>
    <path d="M17 4 3 9.5l4.2 1.8L8.8 16l2.4-3 3.6 2.6zM7.2 11.3 13 7.6" />
  </Icon>
)

export const GatewayIcon = () => (
  <Icon>
    <path d="M3.5 10h4M12.5 10h4M7.5 6.5h5v7h-5zM10 3.5v3M10 13.5v3" />
  </Icon>
)

export const TenantIcon = () => (
  <Icon>
    <path d="M4 16.5v-12h7v12M11 8.5h5v8M2.5 16.5h15M6.5 7.5h2M6.5 10.5h2M6.5 13.5h2M13.2 11.5h.6M13.2 13.8h.6" />
  </Icon>
)

export const ReceiptIcon = () => (
  <Icon>
    <path d="M5 3.5h10v13l-2.5-1.7-2.5 1.7-2.5-1.7L5 16.5zM7.5 7h5M7.5 10h5" />
  </Icon>
)

export const DecisionIcon = () => (
  <Icon>
    <path d="M3.5 10h4c3.5 0 3-5 6.5-5h2.5M7.5 10c3.5 0 3 5 6.5 5h2.5M14.5 3l2 2-2 2M14.5 13l2 2-2 2" />
  </Icon>
)

export const SimulatorIcon = () => (
  <Icon>
    <path d="M3.5 4h13v9.5h-6L7 16.5v-3H3.5zM7 8.8h.01M10 8.8h.01M13 8.8h.01" />
  </Icon>
)
