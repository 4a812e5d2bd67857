import type { Contender, Race } from '../race/contender.ts'
import { batchLength, payloads } from './payloads.ts'
import { type WireKind, wireKinds } from './wires.ts'

/** One way, with one payload. */
export interface Traffic {
  readonly way: 'up' | 'down'
  readonly payload: string
}

/** All that is raced, by the name of its race. */
export const traffics: Readonly<Record<string, Traffic>> = Object.fromEntries(
  Object.keys(payloads).flatMap((payload) =>
    (['up', 'down'] as const).map((way) => [`sockets-${way}-${payload}`, { way, payload }]),
  ),
)

/** A call is a batch of messages one way, and one message the other. */
function contender({ name, load }: WireKind, { way, payload }: Traffic): Contender {
  return {
    name,
    async prepare({ url }) {
      const open = await load()
      const data = payloads[payload] ?? ''
      const messages = way === 'up' ? 1 : batchLength
      let left = 0
      let done = (): void => {}
      const wire = await open(`${url}/${way}/${payload}`, () => {
        if (--left === 0) done()
      })
      return () =>
        new Promise<void>((resolve) => {
          done = resolve
          left = messages
          if (way === 'down') wire.send('go on')
          else for (let sent = 0; sent < batchLength; sent++) wire.send(data)
        })
    },
  }
}

/** The races, by name. */
export const messageRaces: Readonly<Record<string, Race>> = Object.fromEntries(
  Object.entries(traffics).map(([name, traffic]) => [
    name,
    { inFlight: 1, isPaired: true, contenders: wireKinds.map((kind) => contender(kind, traffic)) },
  ]),
)
