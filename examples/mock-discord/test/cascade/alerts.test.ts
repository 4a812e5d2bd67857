import { describe, expect, it } from 'vitest'
import { readAcknowledgement } from '../../src/cascade/alert.ts'
import { Alerts } from '../../src/cascade/alerts.ts'
import { type CascadePatch, defaultCascade } from '../../src/cascade/cascade-options.ts'
import { times, world } from './monitor-world.ts'

const minute = 60

/** A monitor, and a service that fails a little or a lot. */
function failing(patch: CascadePatch = {}) {
  const base = world({ windowTicks: 2, ...patch })
  const { monitor, request, seconds, calm } = base
  const failFor = (count: number, failures: number) =>
    seconds(count, () => {
      times(30, request)
      times(failures, () => request({ outcome: 'error' }))
    })
  const errors = () => monitor.status.alerts.find(({ kind }) => kind === 'errors')
  const told = (change: string) => base.log.filter((line) => line.includes(change))
  return { ...base, failFor, errors, told, calm }
}

const warning = 3
const critical = 30

describe('an alert', () => {
  it('fires, with a number of its own, until it is acknowledged or over', () => {
    const { monitor, failFor, calm, errors } = failing()
    failFor(5, warning)
    expect(errors()).toMatchObject({ id: 1, state: 'firing', severity: 'warning', escalation: 0 })
    calm(20)
    expect(monitor.alert(1)).toMatchObject({ state: 'resolved', acknowledged: undefined })
    calm(60)
    failFor(5, warning)
    expect(errors()).toMatchObject({ id: 2, state: 'firing' })
    expect(monitor.alert(9)).toBeUndefined()
  })

  it('is passed on after 5 minutes when critical, and again after 10, to nobody else', () => {
    const { failFor, errors, monitor, told } = failing()
    failFor(5 * minute, critical)
    expect(errors()).toMatchObject({ escalation: 0 })
    failFor(1, critical)
    expect(errors()).toMatchObject({ state: 'firing', escalation: 1 })
    failFor(5 * minute, critical)
    expect(errors()).toMatchObject({ escalation: 2 })
    failFor(30 * minute, critical)
    expect(errors()).toMatchObject({ escalation: 2 })
    expect(monitor.status.escalated).toEqual({ errors: 2 })
    expect(told('errors: #1 escalated')).toEqual([
      '16:52:01 storm    errors: #1 escalated to the second on call: nobody has taken it on in 300 s',
      '16:57:01 storm    errors: #1 escalated to the incident lead: nobody has taken it on in 600 s',
    ])
  })

  it('is passed on after 30 minutes as a warning, at once when it gets critical later than 5', () => {
    const { failFor, errors } = failing()
    failFor(6 * minute, warning)
    expect(errors()).toMatchObject({ severity: 'warning', escalation: 0 })
    failFor(1, critical)
    expect(errors()).toMatchObject({ severity: 'critical', escalation: 1 })
    const patient = failing()
    patient.failFor(30 * minute, warning)
    expect(patient.errors()).toMatchObject({ escalation: 0 })
    patient.failFor(1, warning)
    expect(patient.errors()).toMatchObject({ severity: 'warning', escalation: 1 })
  })

  it('is passed on in the time of the scale', () => {
    expect(defaultCascade({ time: 10 }).escalateMs).toEqual({ warning: 180_000, critical: 30_000 })
    const { failFor, errors } = failing({ escalateMs: { warning: 4_000, critical: 2_000 } })
    failFor(4, critical)
    expect(errors()).toMatchObject({ escalation: 1 })
  })

  it('is passed on no more once somebody has it', () => {
    const { monitor, scheduler, failFor, errors, told } = failing()
    failFor(6 * minute, critical)
    const startedMs = Date.UTC(2022, 0, 25, 16, 47)
    const taken = monitor.acknowledge(1, { by: 'ann', why: 'raising the pool' })
    expect(taken).toEqual(errors())
    expect(taken).toMatchObject({
      state: 'acknowledged',
      escalation: 1,
      acknowledged: { by: 'ann', why: 'raising the pool', atMs: startedMs + scheduler.now() },
    })
    failFor(60 * minute, critical)
    expect(errors()).toMatchObject({ state: 'acknowledged', escalation: 1 })
    expect(told('acknowledged')).toEqual([
      '16:53:00 storm    errors: #1 acknowledged after 359 s by ann: raising the pool',
    ])
  })

  it('is whose it was last, also when it is over', () => {
    const { monitor, failFor, calm, told } = failing()
    failFor(5, critical)
    monitor.acknowledge(1, { by: 'ann' })
    monitor.acknowledge(1, { by: 'bob' })
    expect(told('acknowledged').at(-1)).toMatch(/by bob$/)
    calm(20)
    expect(monitor.status.history).toMatchObject([
      { id: 1, state: 'resolved', acknowledged: { by: 'bob' } },
    ])
    expect(monitor.acknowledge(1, { by: 'eve' })).toBeUndefined()
    expect(monitor.acknowledge(9, { by: 'eve' })).toBeUndefined()
    expect(monitor.status.history).toMatchObject([{ acknowledged: { by: 'bob' } }])
  })

  it('fires anew when it gets worse than what was acknowledged, and not when it eases', () => {
    const { monitor, failFor, errors } = failing()
    failFor(20 * minute, warning)
    monitor.acknowledge(1, { by: 'ann' })
    failFor(1, critical)
    expect(errors()).toMatchObject({ id: 1, state: 'firing', acknowledged: undefined })
    failFor(4 * minute, critical)
    // What it waited for as a warning was answered.
    expect(errors()).toMatchObject({ escalation: 0 })
    failFor(1 * minute, critical)
    expect(errors()).toMatchObject({ escalation: 1 })
    monitor.acknowledge(1, { by: 'ann' })
    failFor(1 * minute, warning)
    expect(errors()).toMatchObject({ severity: 'warning', state: 'acknowledged' })
    failFor(1 * minute, critical)
    expect(errors()).toMatchObject({ severity: 'critical', state: 'acknowledged' })
  })

  it('is the same one when it returns within a minute, whose it was, or as long without anybody', () => {
    const { monitor, failFor, calm, errors, told } = failing()
    failFor(4 * minute, critical)
    calm(30)
    expect(monitor.status).toMatchObject({ alerts: [], history: [{ id: 1, state: 'resolved' }] })
    failFor(40, critical)
    expect(errors()).toMatchObject({ id: 1, state: 'firing', escalation: 1, untilMs: undefined })
    expect(monitor.status.history).toEqual([])
    monitor.acknowledge(1, { by: 'ann' })
    calm(30)
    failFor(10 * minute, critical)
    expect(errors()).toMatchObject({ id: 1, state: 'acknowledged', acknowledged: { by: 'ann' } })
    expect(told('#1 returned')).toHaveLength(2)
    expect(monitor.status.raised).toMatchObject({ errors: 1 })
  })

  it('fires when it returns worse than it was acknowledged', () => {
    const { monitor, failFor, calm, errors } = failing()
    failFor(10, warning)
    monitor.acknowledge(1, { by: 'ann' })
    calm(30)
    failFor(3, critical)
    expect(errors()).toMatchObject({ id: 1, state: 'firing', acknowledged: undefined })
  })

  it('comes before those of its severity that somebody has', () => {
    const { monitor, seconds, request } = failing()
    seconds(5, () => {
      times(30, () => request({ outcome: 'error' }))
      times(30, () => request({ service: 'users', isRetry: true, outcome: 'limited' }))
    })
    const kinds = () => monitor.status.alerts.map(({ kind, state }) => `${kind} ${state}`)
    expect(kinds()).toEqual(['retries firing', 'errors firing', 'limiting firing'])
    monitor.acknowledge(1, { by: 'ann' })
    expect(kinds()).toEqual(['errors firing', 'limiting firing', 'retries acknowledged'])
  })
})

it('passes over nobody, however late a look is', () => {
  const alerts = new Alerts()
  const found = { kind: 'errors', severity: 'critical', value: 1, text: 'requests fail' } as const
  const options = { clearTicks: 5, returnMs: 0, escalateMs: { warning: 400, critical: 200 } }
  const look = (nowMs: number) =>
    alerts.update([found], options, { nowMs, wallMs: nowMs }).map(({ alert }) => alert.escalation)
  expect([look(0), look(10_000), look(10_001), look(10_002)]).toEqual([[0], [1], [2], []])
  expect(alerts.escalated).toEqual({ errors: 2 })
})

describe('an acknowledgement', () => {
  it.each([
    [{}, 'ack needs by'],
    [{ by: ' ' }, 'ack: by must be one line of 1 to 80 characters, got " "'],
    [{ by: 'a\u001b[2J' }, 'ack: by must be one line of 1 to 80 characters'],
    [{ by: 'ann', why: 'x'.repeat(501) }, 'ack: why must be one line of 1 to 500 characters'],
    [{ by: 'ann', until: 1 }, 'ack has no until; it has by, why'],
  ])('is refused as %j', (body, message) => {
    expect(() => readAcknowledgement(body, 'ack')).toThrow(message)
  })

  it('needs no reason', () => {
    expect(readAcknowledgement({ by: 'ann' }, 'ack')).toEqual({ by: 'ann' })
  })
})
