export { discordDriver } from './driver.js'
