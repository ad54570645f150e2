import { BackLink as Back } from '../../ui/back-link.js'

/** Back to the list. */
export function BackLink() {
  return <Back to="/handshakes">Handshakes</Back>
}
