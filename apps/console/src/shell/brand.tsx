import { Link } from '@tanstack/react-router'
import icon from '../styles/icon.svg'

/** Name and mark, linked to the start. */
export function Brand() {
  return (
    <Link to="/" className="inline-flex items-center gap-2.5 rounded-md font-semibold tracking-tight">
      <img src={icon} alt="" className="size-7" width="28" height="28" />
      Parley
    </Link>
  )
}
