import { batchRoutes } from './batch.ts'
import { channelRoutes } from './channels.ts'
import { gatewayRoutes } from './gateway.ts'
import { guildRoutes } from './guilds.ts'
import { messageRoutes } from './messages.ts'
import { pinRoutes } from './pins.ts'
import { reactionRoutes } from './reactions.ts'
import type { Route } from './route.ts'
import { userRoutes } from './users.ts'
import { voiceRoutes } from './voice.ts'
import { webhookRoutes } from './webhooks.ts'

/** Everything under `/api/v10`. */
export const apiRoutes: readonly Route[] = [
  ...gatewayRoutes,
  ...channelRoutes,
  ...messageRoutes,
  ...pinRoutes,
  ...reactionRoutes,
  ...userRoutes,
  ...guildRoutes,
  ...webhookRoutes,
  ...voiceRoutes,
  ...batchRoutes,
]
