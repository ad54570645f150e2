export { hostStreamOf, lifecycleStream, streamOf } from './intake/streams.js'
