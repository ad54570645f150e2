// What clients of several planes are made of; runs anywhere.
export { Notifier } from './notifier.js'
