import type { FetchCall } from '@evenkeel/fetch'
import { describe, expect, it } from 'vitest'
import { headlineOf } from '../../src/net/panel/headline.ts'
import { keptWords } from '../../src/net/panel/kept-words.ts'
import type { PanelEvent } from '../../src/net/panel/log-line.ts'
import { countOf } from '../../src/net/panel/outcomes.ts'
import { initialPanel, type Panel } from '../../src/net/panel/panel.ts'
import { maxLines, panelAfter } from '../../src/net/panel/panel-after.ts'
import type { SocketLoss } from '../../src/net/panel/socket-news.ts'

const key = 'https://api.example.com'
const call: FetchCall = {
  method: 'POST',
  url: `${key}/api/v10/channels/1/messages`,
  key,
  tag: undefined,
}
const overloaded = Object.assign(new Error('x'), { status: 503 })
const cut: SocketLoss = { code: 1006, reason: '', wasClean: false, phase: 'open', cause: 'network' }
const undialled: SocketLoss = { ...cut, phase: 'connecting' }

/** The panel after these events, each a second after the one before. */
const after = (...events: PanelEvent[]): Panel =>
  events.reduce((panel, event, second) => panelAfter(panel, event, second * 1000), initialPanel)
const texts = (panel: Panel): string[] => panel.log.map(({ text }) => text)

const failed: PanelEvent = {
  type: 'attemptFailed',
  call,
  attempt: 1,
  status: 503,
  error: overloaded,
}
const scheduled: PanelEvent = {
  type: 'retryScheduled',
  key,
  tag: call,
  attempt: 2,
  delayMs: 4000,
  error: overloaded,
}
const opened: PanelEvent = {
  type: 'opened',
  key,
  isCritical: false,
  reason: 'consecutiveFailures',
  openMs: 5000,
  retryAt: new Date(0),
}

describe('a retry', () => {
  it('is known until its attempt starts', () => {
    const panel = after(failed, scheduled)
    expect(panel.retries).toEqual([
      { call, attempt: 2, untilMs: 5000, because: 'the server is overloaded (503)' },
    ])
    expect(texts(panel)).toEqual([
      'POST messages: attempt 2 in 4.0 s',
      'POST messages: the server is overloaded (503)',
    ])
    expect(after(scheduled, { type: 'attemptStarted', call, attempt: 2 }).retries).toEqual([])
  })

  it('is gone when its call has ended', () => {
    const end = { type: 'failed', call, attempts: 1, status: undefined, error: 0 } as const
    expect(after(scheduled, end).retries).toEqual([])
  })

  it('of another call is another', () => {
    expect(after(scheduled, { ...scheduled, tag: { ...call } }, scheduled).retries).toHaveLength(2)
  })
})

describe('the circuit', () => {
  it('is told of when it opens, with why and for how long', () => {
    expect(texts(after(opened))).toEqual(['Circuit open for 5.0 s: too many failures in a row'])
    expect(texts(after({ ...opened, isCritical: true }))).toEqual([
      'Circuit of messages open for 5.0 s: too many failures in a row',
    ])
  })
})

describe('state that outlives the page', () => {
  const restored = { type: 'restored', parts: ['circuits', 'budget', 'rateLimit'] } as const
  const parts = 'circuit, retry budget, limits'

  it('is told of once it is there: from before the reload, or from an earlier page', () => {
    const reloaded = after({ ...restored, isReload: true })
    expect(texts(reloaded)).toEqual([`Kept from before the reload: ${parts}`])
    expect(keptWords(reloaded, 0)).toBe(
      `Kept from before the reload: ${parts}. No other tab shares it.`,
    )
    const opened = after({ type: 'restored', parts: ['rateLimit'], isReload: false })
    expect(texts(opened)).toEqual(['Kept from an earlier page: limits'])
    expect(keptWords(opened, 0)).toMatch(/^Kept from an earlier page: limits\./)
  })

  it('is said to be shared with as many tabs as have answered', () => {
    expect(keptWords(after(), 0)).toBe(
      'Nothing was kept from an earlier page. No other tab shares it.',
    )
    expect(keptWords(after(), 1)).toMatch(/One other tab shares it\.$/)
    expect(keptWords(after(), 3)).toMatch(/3 other tabs share it\.$/)
  })

  it('is not, where the browser stores nothing', () => {
    const panel = after({ type: 'storeFailed', error: undefined })
    expect(texts(panel)).toEqual(['The browser stores nothing: a reload starts afresh'])
    expect(keptWords(panel, 0)).toMatch(/^This browser stores nothing/)
  })
})

describe('a cooldown', () => {
  const started = { type: 'cooldownStarted', key, waitMs: 5000, source: 'server' } as const

  it('is known until it ends, and who asked for it', () => {
    expect(after(started).cooldown).toEqual({ untilMs: 5000, isAsked: true })
    expect(after({ ...started, source: 'backoff' }).cooldown?.isAsked).toBe(false)
    expect(after(started, { type: 'cooldownEnded', key }).cooldown).toBeUndefined()
    expect(texts(after(started))).toEqual(['All calls wait 5.0 s, as the server asks'])
  })
})

describe('the socket', () => {
  const lost: PanelEvent = { type: 'socketLost', loss: cut, failures: 1 }
  const waits: PanelEvent = { type: 'socketWaits', attempt: 2, delayMs: 3000 }

  it('waits after a loss, with its cause in words, and is open again', () => {
    const panel = after(lost, waits)
    expect(panel.socket).toMatchObject({
      state: 'waiting',
      failures: 1,
      untilMs: 4000,
      lastLoss: 'The line was cut',
    })
    const back = after(lost, waits, { type: 'socketDialled', attempt: 2 }, { type: 'socketOpened' })
    expect(back.socket).toMatchObject({ state: 'open', failures: 0, untilMs: undefined })
    expect(back.socket.lastLoss).toBe('The line was cut')
  })

  it('knows what became of its session', () => {
    const started = after({ type: 'sessionStarted' })
    expect(started.socket.session).toBe('started')
    expect(after({ type: 'sessionStarted' }, { type: 'sessionResumed' }).socket.session).toBe(
      'resumed',
    )
    expect(
      after({ type: 'sessionStarted' }, { type: 'sessionLost', reason: 'x' }).socket.session,
    ).toBe('none')
  })

  it('may end for good', () => {
    expect(
      after({ type: 'socketEnded', loss: { ...cut, cause: 'server', code: 4004 } }).socket,
    ).toMatchObject({
      state: 'closed',
      lastLoss: 'The server closed it because it does not know this user',
    })
  })
})

describe('the chart', () => {
  it.each<[PanelEvent, string]>([
    [{ type: 'succeeded', call, attempts: 1, status: 200 }, 'answered'],
    [failed, 'refused'],
    [{ ...failed, status: undefined }, 'failed'],
    [{ type: 'socketOpened' }, 'answered'],
    [{ type: 'socketLost', loss: undialled, failures: 1 }, 'failed'],
    [
      { type: 'socketLost', loss: { ...undialled, cause: 'handshake', status: 503 }, failures: 1 },
      'refused',
    ],
  ])('counts %j', (event, outcome) => {
    const { outcomes } = after(event)
    const counts = (['answered', 'refused', 'failed'] as const).map((each) => [
      each,
      countOf(outcomes, each, 0),
    ])
    expect(counts.filter(([, count]) => count)).toEqual([[outcome, 1]])
  })

  it('does not count the end of a connection that was open, nor a dial that was held back', () => {
    const held = { ...undialled, cause: 'policy' } as const
    for (const loss of [cut, held])
      expect(after({ type: 'socketLost', loss, failures: 1 }).outcomes.seconds).toEqual([])
  })
})

describe('the log', () => {
  it('keeps the latest lines, each with a number of its own', () => {
    const { log } = after(...Array<PanelEvent>(maxLines + 5).fill(failed))
    expect(log).toHaveLength(maxLines)
    expect(new Set(log.map(({ id }) => id)).size).toBe(maxLines)
    expect(log[0]?.atMs).toBe((maxLines + 4) * 1000)
  })

  it('says whose call was held back; a dial has none', () => {
    const rejected = { key, state: 'open', retryAfterMs: 1, priority: 'critical' } as const
    expect(
      texts(
        after(
          { type: 'rejected', ...rejected, tag: call },
          { type: 'rejected', ...rejected, tag: undefined },
          { type: 'budgetExhausted', key, tag: call, attempt: 2 },
        ),
      ),
    ).toEqual([
      'POST messages: the budget pays for no more attempts',
      'Socket: held back by the circuit',
      'POST messages: held back by the circuit',
    ])
  })
})

describe('the headline', () => {
  const closed = { circuit: 'closed' } as const
  const open = { circuit: 'open', circuitOpenMs: 3500 } as const
  const quiet = { circuit: 'closed', cooldownMs: 3500 } as const
  const waits: PanelEvent = { type: 'socketWaits', attempt: 2, delayMs: 9000 }
  const lost = (failures: number): PanelEvent => ({ type: 'socketLost', loss: cut, failures })

  it.each<[string, PanelEvent[], Parameters<typeof headlineOf>[1], object]>([
    [
      'nothing is wrong',
      [{ type: 'socketOpened' }],
      closed,
      { weather: 'calm', words: 'Calm', untilMs: undefined },
    ],
    [
      'the first dial',
      [{ type: 'socketDialled', attempt: 1 }],
      closed,
      { weather: 'calm', words: 'Connecting' },
    ],
    ['an open circuit', [opened], open, { weather: 'storm', untilMs: 5000 }],
    [
      'an end for good',
      [{ type: 'socketEnded', loss: cut }],
      closed,
      { weather: 'storm', words: 'Disconnected' },
    ],
    [
      'one loss',
      [lost(1), waits],
      closed,
      { weather: 'strained', words: 'Reconnecting', untilMs: 10_000 },
    ],
    [
      'many losses',
      [lost(2), waits],
      closed,
      { weather: 'storm', words: 'Reconnecting', untilMs: 10_000 },
    ],
    [
      'a dial after a loss',
      [lost(1), { type: 'socketDialled', attempt: 2 }],
      closed,
      { weather: 'strained', words: 'Reconnecting', untilMs: undefined },
    ],
    [
      'a retry',
      [scheduled, { ...scheduled, tag: { ...call }, delayMs: 9000 }],
      closed,
      { weather: 'strained', words: 'Retrying', untilMs: 4000 },
    ],
    [
      'a cooldown',
      [scheduled],
      quiet,
      { weather: 'strained', words: 'The server asks for quiet, retrying', untilMs: 5000 },
    ],
    [
      'a half-open circuit',
      [],
      { circuit: 'half-open' },
      { weather: 'strained', words: 'Trying one call' },
    ],
    [
      'calls that wait',
      [failed],
      { circuit: 'closed', parked: 2 },
      { weather: 'strained', words: 'Calls wait for their turn' },
    ],
    ['a failure a moment ago', [failed], closed, { weather: 'strained', words: 'Settling' }],
  ])('tells of %s', (_, events, gauges, headline) => {
    expect(headlineOf(after(...events), gauges, 1500)).toMatchObject(headline)
  })

  it('is calm again some seconds after the last failure', () => {
    expect(headlineOf(after(failed), closed, 8000).weather).toBe('calm')
  })

  it('is first of all that there is no network', () => {
    const gauges = { circuit: 'open', isOnline: false } as const
    expect(headlineOf(after(), gauges, 0)).toMatchObject({ weather: 'strained', words: 'Offline' })
  })
})
