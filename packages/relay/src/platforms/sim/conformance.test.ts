import { testGrounds } from '@parley/testkit'
import { platformConformance } from '../conformance.js'
import { simSubject } from './subject.test.support.js'

const memory = (await testGrounds())[0]!

// Two that it imitates, and one of its own: they differ in lengths, threads, and in where presses go.
for (const platform of ['discord', 'telegram', 'sim'])
  platformConformance(`the simulator as ${platform}`, () => simSubject(memory, platform))
