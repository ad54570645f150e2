import { testGrounds } from '@parley/testkit'
import { platformConformance } from '../conformance.js'
import { discordSubject } from './subject.test.support.js'

const memory = (await testGrounds())[0]!

platformConformance('discord', () => discordSubject(memory))
