export { telegramDriver } from './driver.js'
