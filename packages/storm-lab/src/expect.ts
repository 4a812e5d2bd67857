export { StormExpectationError, type StormFinding } from './expect/error.ts'
export {
  type Expectation,
  type ExpectStormOptions,
  expectStorm,
  type FleetRef,
  type PhaseExpectations,
  type ScenarioRef,
  type StormExpectations,
} from './expect/expect-storm.ts'
