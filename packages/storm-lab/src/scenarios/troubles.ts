import { defineScenario } from '../scenario/define-scenario.ts'
import type { Load, Scenario } from '../scenario/scenario.ts'
import { minutes, seconds } from '../scenario/units.ts'
import { boundedBackend, legacyBackend } from './backends.ts'

/** 60 % of what the incident's backend serves at its best. */
const busy: Load = { callsPerSecond: 857, callsPerClient: 0.05 }
/** 30 % of it. */
const quiet: Load = { ...busy, callsPerSecond: 428 }

const bad = [minutes(5), minutes(10)] as const

/** One attempt in five fails at once. */
export const partialOutage: Scenario = defineScenario({
  name: 'partial-outage',
  about:
    'A fifth of the instances answer 500 to everything, for ten minutes: the price of every budget.',
  durationMs: minutes(25),
  trigger: [minutes(5), minutes(15)],
  load: quiet,
  backend: boundedBackend,
  changes: [
    { atMs: minutes(5), gateway: { faults: { ratio: 0.2 } }, label: 'A fifth fails' },
    { atMs: minutes(15), gateway: { faults: { ratio: 0.0005 } }, label: 'All is well again' },
  ],
})

/** Half of the capacity is gone for five minutes. */
export const brownOut: Scenario = defineScenario({
  name: 'brown-out',
  about: 'The database runs at half its speed for five minutes, at 60 % of what it can serve.',
  durationMs: minutes(25),
  trigger: bad,
  load: busy,
  backend: legacyBackend,
  changes: [
    { atMs: bad[0], service: { serviceMs: 300 }, label: 'Half the speed' },
    { atMs: bad[1], service: { serviceMs: 150 }, label: 'Full speed' },
  ],
})

/** A healthy service behind which a database is slow. */
export const slowDependency: Scenario = defineScenario({
  name: 'slow-dependency',
  about:
    'The database takes 30 times as long for five minutes, and holds the workers of a healthy service with it.',
  durationMs: minutes(25),
  trigger: bad,
  load: busy,
  backend: {
    gateway: legacyBackend.gateway,
    service: { workers: 3000, queue: 6000, serviceMs: 20 },
    dependency: { workers: 400, queue: 4000, serviceMs: 60, contention: 0.001 },
    replicas: 2,
    hint: {},
  },
  changes: [
    { atMs: bad[0], dependency: { serviceMs: 1800 }, label: 'The database slows down' },
    { atMs: bad[1], dependency: { serviceMs: 60 }, label: 'It is well again' },
  ],
})

/** Everybody reloads at once. */
export const thunderingReload: Scenario = defineScenario({
  name: 'thundering-reload',
  about:
    'A deploy makes every open page reload within twenty seconds, and half of those who fail press reload again.',
  durationMs: minutes(20),
  trigger: [minutes(5), minutes(5) + seconds(20)],
  load: quiet,
  reloads: { ratio: 0.5 },
  pulses: [{ atMs: minutes(5), overMs: seconds(20), ratio: 1 }],
  backend: legacyBackend,
})

/** A mobile network is down. */
export const mobileDrop: Scenario = defineScenario({
  name: 'mobile-drop',
  about:
    'A third of the clients lose their network for three minutes, and come back within two seconds of each other.',
  durationMs: minutes(20),
  trigger: [minutes(5), minutes(8)],
  load: busy,
  pulses: [{ atMs: minutes(8), overMs: seconds(2), ratio: 0.3 }],
  offline: [{ ratio: 0.33, fromMs: minutes(5), toMs: minutes(8), backOverMs: 2000 }],
  backend: boundedBackend,
})

/** One region takes over another's users. */
export const regionalFailover: Scenario = defineScenario({
  name: 'regional-failover',
  about:
    'One of three regions goes silent; its clients move to another within a minute, which is then at 120 % of what it can serve, until the first is back.',
  durationMs: minutes(30),
  trigger: [minutes(5), minutes(15)],
  load: busy,
  backend: boundedBackend,
  regions: [
    { name: 'us-east', ratio: 1 / 3 },
    { name: 'eu-west', ratio: 1 / 3 },
    { name: 'asia', ratio: 1 / 3 },
  ],
  sockets: {
    acceptsPerSecond: 170,
    acceptQueue: 4096,
    drops: [
      { atMs: minutes(5), ratio: 1 / 3, code: 1006 },
      // Back home, in good order.
      { atMs: minutes(15), ratio: 1 / 3, overMs: minutes(1), hint: true },
    ],
  },
  changes: [
    {
      atMs: minutes(5),
      region: 'us-east',
      gateway: { state: 'silent' },
      label: 'us-east goes silent',
    },
    {
      atMs: minutes(6),
      region: 'us-east',
      failover: { to: 'eu-west', overMs: minutes(1) },
      label: 'Its clients move to eu-west',
    },
    {
      atMs: minutes(15),
      region: 'us-east',
      gateway: { state: 'up' },
      failover: { to: 'us-east', overMs: minutes(1) },
      label: 'us-east is back',
    },
  ],
})

/** A deploy that answers 500 to everything. */
export const badDeploy: Scenario = defineScenario({
  name: 'bad-deploy',
  about: 'A deploy answers 500 to everything, at once, until it is rolled back five minutes later.',
  durationMs: minutes(20),
  trigger: bad,
  load: busy,
  backend: boundedBackend,
  changes: [
    { atMs: bad[0], gateway: { faults: { ratio: 1, afterMs: 20 } }, label: 'The deploy' },
    { atMs: bad[1], gateway: { faults: { ratio: 0.0005 } }, label: 'Rolled back' },
  ],
})
