import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { Action } from '../../src/admin/action.ts'
import { Backend } from '../../src/backend/backend.ts'
import { presets } from '../../src/backend/presets.ts'
import { VirtualScheduler } from '../../src/backend/virtual-scheduler.ts'
import { Scenario } from '../../src/scenario/scenario.ts'
import { readScript, type Script } from '../../src/scenario/script.ts'

function play(script: Script, act: (action: Action) => void = () => {}) {
  const scheduler = new VirtualScheduler()
  const log: string[] = []
  const scenario = new Scenario(scheduler, 1, script, (action) => {
    log.push(`${scheduler.now()} ${Object.keys(action).join()}`)
    act(action)
  })
  return { scheduler, scenario, log }
}

const script: Script = {
  name: 'spike',
  steps: [
    { atMs: 5_000, do: { clearFaults: true }, note: 'over' },
    { atMs: 0, do: { backend: { database: { poolSize: 5 } } } },
    { atMs: 1_000, do: { fault: { fault: { kind: 'drop' } } } },
  ],
}

describe('a scenario', () => {
  it('does each step at its time, whatever their order in the script', () => {
    const { scheduler, scenario, log } = play(script)
    scheduler.advance(2_000)
    expect(log).toEqual(['0 backend', '1000 fault'])
    expect(scenario.status).toMatchObject({
      name: 'spike',
      state: 'running',
      elapsedMs: 2_000,
      steps: 3,
    })
    scheduler.advance(10_000)
    expect(scenario.status).toMatchObject({ state: 'finished', elapsedMs: 5_000 })
    expect(scenario.status.done.at(-1)).toEqual({ atMs: 5_000, note: 'over', error: undefined })
  })

  it('divides its times', () => {
    const { scheduler, log } = play({ ...script, time: 10 })
    scheduler.advance(500)
    expect(log).toEqual(['0 backend', '100 fault', '500 clearFaults'])
  })

  it('leaves the rest undone when it is stopped', () => {
    const { scheduler, scenario, log } = play(script)
    scheduler.advance(500)
    scenario.stop()
    scheduler.advance(10_000)
    expect(log).toEqual(['0 backend'])
    expect(scenario.status).toMatchObject({ state: 'stopped', elapsedMs: 500 })
    expect(scheduler.pending).toBe(0)
  })

  it('stays finished when it is stopped after its end', () => {
    const { scheduler, scenario } = play(script)
    scheduler.advance(5_000)
    scenario.stop()
    expect(scenario.status.state).toBe('finished')
  })

  it('goes on after a step that could not be done, and says why', () => {
    const { scheduler, scenario } = play(script, ({ fault }) => {
      if (fault) throw new RangeError('no')
    })
    scheduler.advance(10_000)
    expect(scenario.status.done.map(({ error }) => error)).toEqual([
      undefined,
      'RangeError: no',
      undefined,
    ])
  })

  it('without steps is finished at once', () => {
    expect(play({ steps: [] }).scenario.status).toMatchObject({ state: 'finished', elapsedMs: 0 })
  })
})

describe('a script, as read from JSON', () => {
  it('may be the incident’s', async () => {
    const path = new URL('../../scenarios/incident.json', import.meta.url)
    const { steps, time } = readScript(JSON.parse(await readFile(path, 'utf8')), 'script')
    const model = new Backend(new VirtualScheduler(), presets.legacy.backend, 1)
    for (const { do: action } of steps) model.check(action.backend ?? {})
    expect([steps.at(-1)?.atMs, time]).toEqual([208 * 60_000, 10])
  })

  it('may be the bare list of steps', () => {
    expect(readScript([{ atMs: 0, do: {} }], 'script')).toEqual({ steps: [{ atMs: 0, do: {} }] })
  })

  it.each([
    ['now', 'script must be an object, got "now"'],
    [{}, 'script needs steps'],
    [[{ do: {} }], 'script: steps[0] needs atMs'],
    [[{ atMs: -1, do: {} }], 'script: steps[0]: atMs must be a number ≥ 0, got -1'],
    [
      [{ atMs: 0, do: { explode: true } }],
      'script: steps[0]: do has no explode; it has clearFaults',
    ],
    [
      [
        { atMs: 0, do: {} },
        { atMs: 0, do: { backend: { database: { poolSize: 0 } } } },
      ],
      'script: steps[1]: do: backend: database: poolSize must be an integer ≥ 1, got 0',
    ],
    [{ steps: [], time: 0 }, 'script: time must be a number > 0, got 0'],
  ])('%j is refused', (value, message) => {
    expect(() => readScript(value, 'script')).toThrow(message)
  })
})
