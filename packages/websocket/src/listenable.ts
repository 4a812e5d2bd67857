import { notify } from '@evenkeel/core'
import { EventEmitter } from 'eventemitter3'

/** What can be listened to, by name. */
export interface Listenable<Events> {
  /** Calls back on each event of a name. */
  on<K extends keyof Events>(type: K, listener: (event: Events[K]) => void): void
  /** Calls back on the next one. */
  once<K extends keyof Events>(type: K, listener: (event: Events[K]) => void): void
  /** Takes a listener back. */
  off<K extends keyof Events>(type: K, listener: (event: Events[K]) => void): void
}

type Listener = (event: never) => void

let guards: WeakMap<Listener, (event: unknown) => void> | undefined

/** A listener as it is registered: the same one each time, or it could not be taken back. */
function guard(listener: Listener): (event: unknown) => void {
  guards ??= new WeakMap()
  let guarded = guards.get(listener)
  if (!guarded) {
    guarded = (event) => notify(listener as (event: unknown) => void, event)
    guards.set(listener, guarded)
  }
  return guarded
}

/** Listeners of whom one that throws keeps nothing from the others. */
export class Listeners<Events> implements Listenable<Events> {
  readonly #emitter = new EventEmitter()

  on<K extends keyof Events>(type: K, listener: (event: Events[K]) => void): void {
    this.#emitter.on(type as string, guard(listener))
  }

  once<K extends keyof Events>(type: K, listener: (event: Events[K]) => void): void {
    this.#emitter.once(type as string, guard(listener))
  }

  off<K extends keyof Events>(type: K, listener: (event: Events[K]) => void): void {
    this.#emitter.off(type as string, guard(listener))
  }

  emit<K extends keyof Events>(type: K, event: Events[K]): void {
    this.#emitter.emit(type as string, event)
  }
}
