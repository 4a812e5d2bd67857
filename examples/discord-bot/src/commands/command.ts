import type { Random } from '@evenkeel/core'
import type { BotStatus } from '../bot-status.ts'

/** Something that people can ask of the bot. */
export interface Command {
  readonly name: string
  /** What comes after the name, as in `2d6+1`. */
  readonly usage: string
  readonly summary: string
  /** Makes the answer. @throws UsageError for arguments of no use */
  run(args: string, bot: CommandBot): string | Promise<string>
}

/** What commands may ask of the bot. */
export interface CommandBot {
  readonly random: Random
  readonly status: BotStatus
  /** How long Discord's API takes to answer, or why it does not. */
  pingApi(): Promise<number | string>
  /** Says something later; `false` when there is no room for more. */
  remind(delayMs: number, text: string): boolean
}

/** The arguments are of no use; its message says what would be. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
