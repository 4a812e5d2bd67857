import type { DialFacts } from '@evenkeel/websocket'
import type { IdentifyBudget } from '@evenkeel/websocket/discord'
import { discard } from './discard.ts'
import { type DiscordApi, readGatewayBot } from './discord-api.ts'

/**
 * Where the gateway is: asked once, and again when a session has to begin anew, as the answer also says how
 * many may. A gateway that can be reached is not to wait for an API that can't, so that an old answer will do.
 */
export class GatewayAddress {
  readonly #api: DiscordApi
  readonly #budget: IdentifyBudget
  readonly #onRefused: () => void
  #known: string | undefined
  #isFresh = false

  /** `onRefused`: the token is no good, and no dial will be better. */
  constructor(api: DiscordApi, budget: IdentifyBudget, onRefused: () => void) {
    this.#api = api
    this.#budget = budget
    this.#onRefused = onRefused
  }

  /** The next dial asks again. */
  forget(): void {
    this.#isFresh = false
  }

  async find({ signal }: Pick<DialFacts, 'signal'>): Promise<string> {
    if (this.#known !== undefined && this.#isFresh) return this.#known
    try {
      return await this.#ask(signal)
    } catch (error) {
      if (this.#known === undefined || signal.aborted) throw error
      return this.#known
    }
  }

  async #ask(signal: AbortSignal): Promise<string> {
    const response = await this.#api.gatewayBot(signal)
    if (!response.ok) {
      await discard(response)
      if (response.status === 401) this.#onRefused()
      throw new Error(`GET /gateway/bot: ${response.status}`)
    }
    const { url, session_start_limit: limit } = await readGatewayBot(response)
    this.#budget.update(limit)
    this.#known = url
    this.#isFresh = true
    return url
  }
}
