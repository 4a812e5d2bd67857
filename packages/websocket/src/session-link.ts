import type { Tell } from './events.ts'
import type { Machine } from './machine.ts'
import type { SessionLink } from './session.ts'
import type { Settings } from './settings.ts'

/** Makes a session's view of the machine it runs in. */
export function sessionLink(
  machine: Machine,
  { clock, random }: Settings,
  tell: Tell,
): SessionLink {
  const { delivery, heart, comeback } = machine
  return {
    clock,
    random,
    tell,
    send: (data) => machine.inner?.readyState === 1 && machine.inner.send(data as never),
    ready: () => machine.inner && machine.ready(machine.inner),
    flush: () => delivery.flush(),
    dropBound: () => delivery.dropBound(),
    beat: (beat) => machine.inner && heart.start(machine.inner, beat),
    heard: () => heart.heard(),
    advise: (advice) => comeback.advise(advice),
    end: (code, reason) => machine.hangUp(code, reason),
  }
}
