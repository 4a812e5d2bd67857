// Plays one contender through one scenario; by itself, as some contenders need the platform's timers replaced.
import process from 'node:process'
import { seededRandom } from '@evenkeel/core/testing'
import { contendersOf } from './herd-contenders.ts'
import { herdFigures } from './herd-figures.ts'
import { herdScenarios } from './herd-scenarios.ts'
import { HerdWorld } from './herd-world.ts'
import { onVirtualPlatform } from './on-virtual-platform.ts'
import { simulateHerd } from './simulate-herd.ts'

const [scenarioName, contenderName] = process.argv.slice(2)
const scenario = herdScenarios.find(({ name }) => name === scenarioName)
if (!scenario) throw new Error(`no scenario ${scenarioName}`)
const contender = contendersOf(scenario).find(({ name }) => name === contenderName)
if (!contender) throw new Error(`no contender ${contenderName}`)

const { clients, endMs, upAtMs } = scenario
const world = new HerdWorld(scenario.server(), endMs, seededRandom(1))
const start = await contender.load(world)
if (contender.runs === 'its code')
  await onVirtualPlatform(world, (settle) => simulateHerd(world, { clients, start, settle }))
else await simulateHerd(world, { clients, start })
process.send?.(herdFigures(world, clients, upAtMs), () => process.exit())
