import { describe, expect, it } from 'vitest'
import type { CascadePatch } from '../../src/cascade/cascade-options.ts'
import { logLine } from '../../src/cascade/log-line.ts'
import { naive, world } from '../cascade/overload-world.ts'
import { until } from '../sockets/until.ts'
import { run } from './run.ts'

/** A mock under more clients than it can serve, and an operator at a terminal. */
async function overloaded(cascade: CascadePatch = {}) {
  // On a busy machine a second or two may pass without anything found.
  const base = await world({ clearTicks: 30, ...cascade })
  const cli = (...args: string[]) => run(...args, '--url', base.mock.url)
  const { cascade: monitor } = base.mock.machinery
  const alertOf = (kind: string) => monitor.status.alerts.find((alert) => alert.kind === kind)
  base.load(60, naive)
  const errors = await until(() => {
    const alert = alertOf('errors')
    return alert?.severity === 'critical' && alert
  })
  return { ...base, cli, alertOf, errors, monitor }
}

describe('mock-discord alerts, during an overload', () => {
  it('takes an alert on, which everybody sees, and which is over when the load is', async () => {
    const { cli, admin, relieve, errors, monitor, log } = await overloaded()
    const { id } = errors
    const before = await cli('alerts')
    expect(before).toMatchObject({ code: 0, err: '' })
    expect(before.out).toMatch(new RegExp(`✗ #${id} +errors +requests fail: .*, firing\\)`))

    const why = ['--by', 'ann', '--why', 'raising the pool']
    const { code, out } = await cli('alerts', 'ack', `#${id}`, ...why)
    expect(code).toBe(0)
    expect(out).toContain('ann has it: raising the pool)')
    expect((await cli('status')).out).toMatch(
      new RegExp(`✗ #${id} +errors .*ann has it: raising the pool\\)`),
    )
    expect((await admin('GET', `/alerts/${id}`)).json).toMatchObject({
      id,
      kind: 'errors',
      state: 'acknowledged',
      acknowledged: { by: 'ann', why: 'raising the pool', atMs: expect.any(Number) },
    })
    expect((await admin('GET', '/metrics')).json.cascade.alerts).toContainEqual(
      expect.objectContaining({ id, state: 'acknowledged' }),
    )
    const { text } = await admin('GET', '/metrics.prom')
    expect(text).toMatch(
      /mock_alert_active\{alertname="errors",severity="critical",alertstate="acknowledged"\} 1/,
    )
    const since = `mock_alert_since_timestamp_seconds{alertname="errors",severity="critical"} ${errors.sinceMs / 1_000}`
    expect(text).toContain(since)
    expect(log.map(logLine).join('\n')).toMatch(/errors: #\d acknowledged after \d s by ann: rais/)

    relieve()
    const over = await until(() => monitor.status.history.find((alert) => alert.id === id))
    expect(over).toMatchObject({ state: 'resolved', acknowledged: { by: 'ann' } })
    expect((await cli('alerts')).out).toMatch(
      new RegExp(`✓ #${id} +errors .*, over .* ago, ann has it: raising the pool\\)`),
    )
    expect(await cli('alerts', 'ack', String(id))).toMatchObject({
      code: 1,
      err: `error: alert ${id} (errors) has been over since ${new Date(over.untilMs as number).toISOString()}`,
    })
  })

  it('passes on what nobody takes', async () => {
    const { cli, admin, alertOf, log } = await overloaded({
      escalateMs: { warning: 400, critical: 200 },
    })
    await until(() => alertOf('errors')?.escalation === 2)
    expect((await cli('status')).out).toMatch(/errors .*firing, escalated to the incident lead\)/)
    const { text } = await admin('GET', '/metrics.prom')
    expect(text).toContain('mock_alert_escalation{alertname="errors",severity="critical"} 2')
    expect(text).toMatch(/mock_alerts_escalated_total\{alertname="errors"\} 2/)
    const lines = log.map(({ about, text: told }) => `${about} ${told}`)
    expect(lines).toContainEqual(expect.stringMatching(/^errors #\d escalated to the second on c/))
  })

  it('takes several on at once, up to one that is not there', async () => {
    const { cli, alertOf, errors } = await overloaded()
    const cascade = await until(() => alertOf('cascade'))
    const { code, out, err } = await cli('alerts', 'ack', `${errors.id}`, `${cascade.id}`, '99')
    expect({ code, err }).toEqual({ code: 1, err: 'error: no alert 99' })
    expect(out.split('\n')).toHaveLength(2)
    const list = JSON.parse((await cli('alerts', '--json')).out)
    const states = Object.fromEntries(
      list.alerts.map(({ id, state }: { id: number; state: string }) => [id, state]),
    )
    expect(states).toMatchObject({ [errors.id]: 'acknowledged', [cascade.id]: 'acknowledged' })
  })
})

describe('mock-discord alerts', () => {
  it('says that there are none', async () => {
    const { mock } = await world()
    expect(await run('alerts', '--url', mock.url)).toMatchObject({
      code: 0,
      out: 'calm, no alerts',
    })
  })

  it.each([
    [['ack'], 2, "missing required argument 'id'"],
    [['ack', 'x'], 2, 'x is no number of an alert'],
    [['ack', '1', '--by', ''], 1, 'acknowledgement: by must be one line of 1 to 80 characters'],
    [['--history', '-1'], 2, 'Not a whole number.'],
  ])('%j is refused with %i', async (args, code, message) => {
    const { mock } = await world()
    const result = await run('alerts', ...args, '--url', mock.url)
    expect(result).toMatchObject({ code, err: expect.stringContaining(message) })
  })
})
