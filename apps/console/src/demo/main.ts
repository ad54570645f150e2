// Entry of the demo page.

import '../styles/index.css'
import { applyTheme, readTheme } from '../theme/theme.js'
import { browserClock } from '../time/clock.js'
import { Demo } from './demo.js'
import { findDemoPage } from './page.js'

const memory = () => window.localStorage
applyTheme(readTheme(memory), document.documentElement, memory)

void new Demo(findDemoPage(), browserClock).resume()
