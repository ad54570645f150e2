export { createDeliveries } from './deliveries.js'
