import { type Abortable, onAbort } from './cancellation.ts'

/** What is asked of a signal and can be followed like one, but is not the platform's: it holds no listener until followed. */
export interface AbortSource extends Abortable {
  readonly aborted: boolean
  readonly reason: unknown
}

/**
 * A source that aborts with whichever of two signals does first. It is for {@link onAbort} and `run`; unlike
 * `AbortSignal.any`, it leaves nothing behind on the one that lives on (nodejs/node#54614).
 */
export function eitherSignal(
  one: AbortSignal | AbortSource | undefined,
  other: AbortSignal | AbortSource | undefined,
): AbortSignal | AbortSource | undefined {
  if (!one || !other) return one ?? other
  return {
    get aborted() {
      return one.aborted || other.aborted
    },
    get reason() {
      return one.aborted ? one.reason : other.reason
    },
    onAbort(callback) {
      const releases = [onAbort(one, callback), onAbort(other, callback)]
      return () => {
        for (const release of releases) release()
      }
    },
  }
}
