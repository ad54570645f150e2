export { type Standalone, type StandaloneOptions, serveStandalone } from './serve.js'
