import { Link } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import type { Me } from '../api/account.js'
import { FormIcon, KeyIcon } from '../ui/icons.js'
import { type PlanePage, pagesOf } from './planes.js'

const item =
  'flex min-h-10 items-center md:min-h-8 gap-3 rounded-lg px-3 text-sm font-medium text-soft hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-wash aria-[current=page]:text-accent'

/** Links to the planes that this server has, and to what belongs to the server itself. */
export function Nav({ me, onNavigate }: { me: Me; onNavigate?: () => void }) {
  const pages = pagesOf(me.planes)
  return (
    <nav aria-label="Main" className="flex flex-col gap-0.5">
      {pages.map(({ to, label, Icon }) => (
        <NavLink key={to} to={to} label={label} Icon={Icon} onNavigate={onNavigate} />
      ))}
      {pages.length > 0 && <hr className="my-2 border-line" />}
      {me.planes.includes('handshake') && (
        <a href="/demo" className={item}>
          <FormIcon />
          Demo page
        </a>
      )}
      <NavLink to="/keys" label="API keys" Icon={KeyIcon} onNavigate={onNavigate} />
    </nav>
  )
}

type NavLinkProps = {
  to: PlanePage['to'] | '/keys'
  label: string
  Icon: ComponentType
  onNavigate?: () => void
}

function NavLink({ to, label, Icon, onNavigate }: NavLinkProps) {
  return (
    <Link to={to} onClick={onNavigate} className={item}>
      <Icon />
      {label}
    </Link>
  )
}
