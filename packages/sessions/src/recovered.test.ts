import { openGround } from '@parley/kernel/ground'
import { expect, it, onTestFinished } from 'vitest'
import { openPlane, people } from './plane.test.support.js'
import { fakeRuntime } from './runtimes/fake/index.js'

it('says which sessions a plane found again', async () => {
  const ground = await openGround()
  onTestFinished(() => ground.close())
  const box = fakeRuntime()
  const before = await openPlane({ ground, runtimes: { box } })
  const [stays, goes, ends] = [await before.session(), await before.session(), await before.session()]
  expect(await (await before.sessions.service()).recovered(people.alice!)).toEqual([])
  await before.sessions.stop()
  box.hosts.get('box')!.kill(goes)

  const after = await openPlane({ ground, runtimes: { box } })
  const service = await after.sessions.service()
  const own = await after.session()
  await service.terminateSession(people.alice!, ends)

  expect((await service.recovered(people.alice!)).map(({ id }) => id)).toEqual([stays])
  expect(await service.recovered(people.dave!)).toEqual([])
  expect(own).not.toBe(stays)
})
