export { type TransportSubject, transportConformance } from './gateway/transport-conformance.js'
export { type PlatformSubject, platformConformance } from './platforms/conformance.js'
export { type RelayStoreSubject, relayStoreConformance } from './store/conformance.js'
