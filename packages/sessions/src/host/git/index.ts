export { gitRoutes } from './routes.js'
