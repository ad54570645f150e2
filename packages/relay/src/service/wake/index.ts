export { createWaker } from './waker.js'
