export { discordCloseCodes } from './close-codes.ts'
export { type DiscordGatewayOptions, discordGateway } from './protocols/discord-gateway.ts'
export {
  type IdentifyBudget,
  type IdentifyBudgetOptions,
  identifyBudget,
  type SessionStartLimit,
} from './protocols/identify-budget.ts'
export type { Admission } from './protocols/protocol.ts'
