export { hostStreamOf, lifecycleStream, permissionsStreamOf, streamOf } from './intake/streams.js'
