let Kind: (new (data: unknown, origin: string) => MessageEvent) | undefined

const noPorts: readonly MessagePort[] = Object.freeze([])

function lightMessageKind(): NonNullable<typeof Kind> {
  class LightMessage extends Event {
    readonly #data: unknown
    readonly #origin: string

    constructor(data: unknown, origin: string) {
      super('message')
      this.#data = data
      this.#origin = origin
    }

    get data(): unknown {
      return this.#data
    }

    get origin(): string {
      return this.#origin
    }

    get lastEventId(): string {
      return ''
    }

    get source(): null {
      return null
    }

    get ports(): readonly MessagePort[] {
      return noPorts
    }
  }
  Object.setPrototypeOf(LightMessage.prototype, MessageEvent.prototype)
  return LightMessage as never
}

/**
 * Makes a `MessageEvent` in a fraction of the time that Node.js takes for one: natively it is an `Event`, which
 * any `EventTarget` dispatches, and what makes it a message is said here.
 */
export function lightMessage(data: unknown, origin: string): MessageEvent {
  Kind ??= lightMessageKind()
  return new Kind(data, origin)
}
