export {
  type FakeChannel,
  type FakeLocks,
  type FakeTab,
  type FakeTabs,
  fakeTabs,
} from './fake-tabs.ts'
export { type ManualClock, manualClock } from './manual-clock.ts'
export { seededRandom } from './seeded-random.ts'
