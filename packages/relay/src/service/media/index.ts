export { createMedia, type MediaPlace } from './media.js'
