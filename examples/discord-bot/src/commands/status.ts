import { sayWait } from '../say-wait.ts'
import type { Command } from './command.ts'

export const status: Command = {
  name: 'status',
  usage: '',
  summary: 'how the bot and its connections are',
  run(_args, { status: is }) {
    const cooldown = is.cooldownMs > 0 ? `, quiet for ${sayWait(is.cooldownMs)} more` : ''
    return [
      `up for ${sayWait(is.upMs)}, ${is.answered} answered, ${is.pendingReplies} on their way, ${is.reminders} to remind of`,
      `gateway: ${is.socket}, ${is.sessions.started} sessions begun, ${is.sessions.resumed} resumed, ${is.identifies} starts left today`,
      `REST: circuit ${is.circuit}, ${is.budgetTokens.toFixed(2)} retries in the budget${cooldown}`,
      `limits: ${is.buckets} buckets known, ${is.emptyBuckets} empty, ${is.queued} calls waiting`,
    ].join('\n')
  },
}
