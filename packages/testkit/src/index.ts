export { collect, type Until } from './collect.js'
export { type EventuallyOptions, eventually } from './eventually.js'
export { type FakeClock, fakeClock, settle } from './fake-clock.js'
export { fakeIds } from './fake-ids.js'
export { type ManualTimers, manualTimers } from './manual-timers.js'
export { type NodePair, type NodePairs, nodePairs, type OpenedNodePair } from './node-pairs.js'
export { type RecordingBroadcaster, recordingBroadcaster } from './recording-broadcaster.js'
export {
  type StubAction,
  type StubConnector,
  type StubDelivery,
  type StubDescriptor,
  type StubResult,
  type StubState,
  type StubTransport,
  type StubTransportOptions,
  stubTransport,
} from './stub-transport.js'
export {
  type OpenedTestGround,
  type TestGround,
  type TestGroundOptions,
  testGrounds,
} from './test-grounds.js'
