export { openResults, type Results } from './results.js'
export { createRouter, type Router } from './router.js'
