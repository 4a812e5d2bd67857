import type { Command } from './command.ts'

export const ping: Command = {
  name: 'ping',
  usage: '',
  summary: 'how long Discord takes to answer, by REST and by the gateway',
  async run(_args, bot) {
    const api = await bot.pingApi()
    const { rttMs } = bot.status
    const rest = typeof api === 'number' ? `${Math.round(api)} ms` : api
    const gateway = rttMs === undefined ? 'not measured yet' : `${Math.round(rttMs)} ms`
    return `Pong! REST: ${rest}, gateway: ${gateway}.`
  },
}
