import { checkNumber } from '../check.ts'
import { systemRandom } from '../clock.ts'
import { notify } from '../events.ts'
import { timeoutClock } from '../timeout-clock.ts'
import type { IgnoredReason } from './envelope.ts'
import { type PagePhase, watchPage } from './page-life.ts'
import { platformChannel } from './platform-channel.ts'
import type { SharedState, ShareStateOptions } from './share-options.ts'
import { StateKeeper } from './state-keeper.ts'
import { StateClaims, type StateLocks } from './state-locks.ts'
import type { StateMessage } from './state-message.ts'
import type { StatePart } from './state-part.ts'
import { TabChannel } from './tab-channel.ts'
import { TabRoster } from './tab-roster.ts'
import { webStore } from './web-store.ts'

/** After which time it is asked again who is there: a tab that crashed says no goodbye. */
const rollCallMs = 10_000

/** What the platform has. */
function platform(): { readonly navigator?: { readonly locks?: StateLocks } } {
  return globalThis as never
}

/**
 * Lets the state of some policies outlive a reload, and makes it one for all tabs of an origin: what one
 * has learned of a server's trouble holds in all of them at once, and pressing reload gains nothing.
 *
 * @throws `RangeError` for a bad option.
 */
export function shareState(
  parts: readonly StatePart[],
  {
    name = 'evenkeel',
    store,
    channel,
    locks = platform().navigator?.locks,
    page = watchPage,
    ttlMs = 3_600_000,
    saveEveryMs = 1000,
    maxLength = 100_000,
    onEvent,
    clock = timeoutClock,
    random = systemRandom,
  }: ShareStateOptions = {},
): SharedState {
  checkNumber('shareState', 'ttlMs', ttlMs, 0)
  checkNumber('shareState', 'saveEveryMs', saveEveryMs, 0)
  checkNumber('shareState', 'maxLength', maxLength, 0)
  const title = `evenkeel state ${name}`
  const id = random().toString(36).slice(2)
  const byName = new Map(parts.map((part) => [part.name, part]))
  const roster = new TabRoster(id)
  let ignored = 0
  let calledAtMs = clock.now()

  const ignore =
    (source: 'store' | 'channel') =>
    (reason: IgnoredReason): void => {
      ignored++
      notify(onEvent, { type: 'ignored', source, reason })
    }
  const claims = new StateClaims(locks || undefined, title, clock)
  const keeper = new StateKeeper({
    parts: byName,
    store: store ?? webStore({ onEvent }),
    name: title,
    ttlMs,
    maxLength,
    saveEveryMs,
    clock,
    onEvent,
    ignore: ignore('store'),
  })
  const open = channel ?? platformChannel
  const tabs = new TabChannel(
    open ? open(title) : undefined,
    maxLength,
    clock,
    hear,
    ignore('channel'),
  )

  function arrange(): void {
    for (const { arrange } of parts) arrange?.(roster.rank, roster.others + 1)
  }

  function tell(part: StatePart, saved: unknown): void {
    tabs.post({ type: 'state', from: id, part: part.name, saved })
  }

  function hear(message: StateMessage): void {
    const { type, from } = message
    if (type === 'state') {
      const part = byName.get(message.part)
      if (!part?.load(message.saved)) ignore('channel')('malformed')
      return
    }
    if (type === 'bye') roster.remove(from)
    else {
      // Each says again that it is there: who has crashed does not.
      if (type === 'hello') roster.clear()
      roster.add(from)
    }
    arrange()
    if (type !== 'hello') return
    tabs.post({ type: 'here', from: id })
    if (message.isNew)
      for (const part of parts) {
        const saved = part.save(false)
        if (saved !== undefined) tell(part, saved)
      }
  }

  function greet(isNew: boolean): void {
    calledAtMs = clock.now()
    roster.clear()
    tabs.post({ type: 'hello', from: id, isNew })
  }

  function live(phase: PagePhase): void {
    if (phase === 'back') {
      keeper.restore()
      greet(true)
      return
    }
    keeper.save(phase === 'ending')
    if (phase === 'ending') tabs.post({ type: 'bye', from: id })
  }

  const releases = parts.map((part) =>
    part.connect({
      changed(change) {
        tell(part, change)
        keeper.schedule()
        if (clock.now() - calledAtMs >= rollCallMs) greet(false)
      },
      claim: (what) => claims.claim(`${part.name} ${what}`),
    }),
  )
  releases.push(page(live))
  greet(true)

  function close(): void {
    if (!releases.length) return
    keeper.save(false)
    for (const release of releases.splice(0)) release()
    tabs.post({ type: 'bye', from: id })
    tabs.close()
    claims.close()
  }

  return {
    ready: keeper.ready,
    get tabs() {
      return roster.others
    },
    get ignored() {
      return ignored
    },
    save: () => keeper.save(false),
    close,
    [Symbol.dispose]: close,
  }
}
