export { readLinkCommand } from './link-command.js'
export { createLinks, type Links } from './links.js'
