import type { Random } from '@evenkeel/core'
import type { Logger } from 'pino'
import type { BotStatus } from './bot-status.ts'
import { askOf } from './commands/commands.ts'
import type { Message } from './message.ts'
import type { Reminders } from './reminders.ts'
import type { Replies } from './replies.ts'
import { Seen } from './seen.ts'

/** What answers are made of. */
export interface AnswererParts {
  readonly replies: Replies
  readonly reminders: Reminders
  readonly log: Logger
  readonly random: Random
  readonly status: () => BotStatus
  readonly pingApi: () => Promise<number | string>
}

/** Answers the commands it hears: each once, however often it hears it. */
export class Answerer {
  answered = 0
  readonly #parts: AnswererParts
  readonly #seen = new Seen()
  readonly #answering = new Set<Promise<void>>()
  #isClosed = false

  constructor(parts: AnswererParts) {
    this.#parts = parts
  }

  /** A resume replays, and catching up overlaps: what was heard before has been answered. */
  hear(message: Message): void {
    if (this.#isClosed || !this.#seen.isNew(message.id)) return
    const answering = this.#answer(message).finally(() => this.#answering.delete(answering))
    this.#answering.add(answering)
  }

  /** Hears nothing more; resolves when all that was heard is answered. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#answering)
    await this.#parts.replies.drained()
  }

  async #answer({ id: replyTo, channelId, content, author }: Message): Promise<void> {
    const ask = askOf(content)
    if (!ask) return
    const { replies, reminders, log, random, status, pingApi } = this.#parts
    const say = (text: string, nonce: string): void =>
      replies.post({ channelId, replyTo, content: text, nonce })
    const bot = {
      random,
      pingApi,
      status: status(),
      // A nonce of its own, or it would be taken for the answer.
      remind: (delayMs: number, text: string) =>
        reminders.add(delayMs, () => say(text, `${replyTo}r`)),
    }
    try {
      const answer = await ask.answer(bot)
      this.answered++
      log.info({ command: ask.name, from: author, message: replyTo }, 'answering')
      say(answer, replyTo)
    } catch (error) {
      log.error({ command: ask.name, err: error }, 'command failed')
      say('That went wrong. It is in the log.', replyTo)
    }
  }
}
