import { platformChannel } from '@evenkeel/core/persistence'
import type { StoreMember, StoreNote, StoreTurn } from './store.ts'

/** As of `navigator.locks`. */
export interface PageLocks {
  /** Calls back with the lock, and holds it until what that gives is settled. */
  request(
    name: string,
    options: { readonly signal: AbortSignal },
    callback: () => Promise<void> | undefined,
  ): Promise<unknown>
}

/** As of `BroadcastChannel`. */
export interface PageChannel {
  /** Called with what other pages tell. */
  onmessage: ((event: MessageEvent) => void) | null
  /** Tells all other pages. */
  postMessage(message: unknown): void
  /** Ends it. */
  close(): void
}

/** What pages of an origin find each other by. */
export interface PageOptions {
  /** `false`, or none there: every page may send, and entries need keys. @defaultValue `navigator.locks` */
  readonly locks?: PageLocks | false | undefined
  /** `false`, or none there: a page learns late of what others do. @defaultValue `BroadcastChannel` */
  readonly channel?: ((name: string) => PageChannel) | false | undefined
}

/** A turn that can be left for good. */
export interface PageTurn extends StoreTurn {
  /** Ends this page's part. */
  leave(): void
}

const notes = /^(stored|edited|sent|failed|expired|superseded|evicted|removed)$/

/** The version of what pages say; pages of an older or newer one don't understand each other. */
const version = 1

function readNote(data: unknown): StoreNote | undefined {
  const { evenkeel, type, id } = Object(data) as Record<string, unknown>
  const isNote =
    evenkeel === version && typeof type === 'string' && notes.test(type) && typeof id === 'string'
  return isNote ? { type: type as StoreNote['type'], id } : undefined
}

const ownLocks = (): PageLocks | undefined => globalThis.navigator?.locks

/**
 * The turn to send, for a store that all pages of an origin reach by a name: one page has it, by Web
 * Locks, and a page that goes, however it goes, gives it back.
 */
export function pageTurn(
  name: string,
  { turned, noted }: Pick<StoreMember, 'turned' | 'noted'>,
  { locks = ownLocks(), channel }: PageOptions = {},
): PageTurn {
  const fullName = `evenkeel outbox ${name}`
  const open = channel ?? platformChannel
  const line = open ? open(fullName) : undefined
  let giveBack: (() => void) | undefined
  let isMine = false
  let isExclusive = !!locks

  if (line)
    line.onmessage = ({ data }) => {
      const note = readNote(data)
      if (note) noted(note)
    }

  function leaveTurn(): void {
    giveBack?.()
    giveBack = undefined
    isMine = false
  }

  function ask(): void {
    if (giveBack) return
    const controller = new AbortController()
    const { signal } = controller
    let end = (): void => {}
    const isOver = new Promise<void>((resolve) => {
      end = resolve
    })
    giveBack = () => {
      controller.abort()
      end()
    }
    const come = (): Promise<void> | undefined => {
      // The lock may come in the same moment as its release.
      if (signal.aborted) return undefined
      isMine = true
      turned()
      return isOver
    }
    if (!locks) {
      queueMicrotask(come)
      return
    }
    locks.request(fullName, { signal }, come).catch((error: unknown) => {
      if (signal.aborted) return
      if (isMine || (error as Error | undefined)?.name === 'AbortError') {
        // It was stolen, or the page went into the back/forward cache and lost it.
        leaveTurn()
        turned()
      } else {
        // Locks can't be had here, as in a sandboxed frame.
        isExclusive = false
        come()
      }
    })
  }

  return {
    get isMine() {
      return isMine
    },
    get isExclusive() {
      return isExclusive
    },
    ask,
    yield: leaveTurn,
    tell({ type, id }) {
      if (notes.test(type)) line?.postMessage({ evenkeel: version, type, id })
    },
    leave() {
      leaveTurn()
      if (!line) return
      line.onmessage = null
      line.close()
    },
  }
}
