import type {
  APIDMChannel,
  APIGuild,
  APIGuildMember,
  APIGuildVoiceChannel,
  APITextChannel,
  APIUser,
} from 'discord-api-types/v10'

/** The channels the mock has. */
export type Channel = APITextChannel | APIGuildVoiceChannel | APIDMChannel

/** Everyone may do everything: permissions are not what this mock is about. */
const allPermissions = String((1n << 53n) - 1n)

// The flag enums have no member for zero.
const noFlags: number = 0

/** A guild with one role, which everyone has. */
export function guildPayload(id: string, name: string, ownerId: string): APIGuild {
  return {
    id,
    name,
    icon: null,
    splash: null,
    banner: null,
    description: null,
    discovery_splash: null,
    owner_id: ownerId,
    afk_channel_id: null,
    afk_timeout: 300,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    roles: [
      {
        id,
        name: '@everyone',
        color: 0,
        colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
        hoist: false,
        position: 0,
        permissions: allPermissions,
        managed: false,
        mentionable: false,
        flags: noFlags,
      },
    ],
    emojis: [],
    stickers: [],
    features: [],
    mfa_level: 0,
    application_id: null,
    system_channel_id: null,
    system_channel_flags: noFlags,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    premium_progress_bar_enabled: false,
    preferred_locale: 'en-US' as APIGuild['preferred_locale'],
    nsfw_level: 0,
    hub_type: null,
    incidents_data: null,
  }
}

/** A user as a member of a guild. */
export function memberPayload(user: APIUser, joinedAt: string): APIGuildMember {
  return {
    user,
    nick: null,
    avatar: null,
    banner: null,
    roles: [],
    joined_at: joinedAt,
    premium_since: null,
    communication_disabled_until: null,
    pending: false,
    deaf: false,
    mute: false,
    flags: noFlags,
  }
}

/** A channel to write in. */
export function textChannel(
  id: string,
  guildId: string,
  name: string,
  position: number,
): APITextChannel {
  return {
    id,
    type: 0,
    guild_id: guildId,
    name,
    position,
    topic: null,
    nsfw: false,
    parent_id: null,
    permission_overwrites: [],
    rate_limit_per_user: 0,
    last_message_id: null,
    last_pin_timestamp: null,
  }
}

/** A channel to speak in; 0 is no limit of users. */
export function voiceChannel(
  id: string,
  guildId: string,
  name: string,
  userLimit: number,
): APIGuildVoiceChannel {
  return {
    id,
    type: 2,
    guild_id: guildId,
    name,
    position: 0,
    nsfw: false,
    parent_id: null,
    permission_overwrites: [],
    bitrate: 64_000,
    user_limit: userLimit,
    rate_limit_per_user: 0,
    rtc_region: null,
    last_message_id: null,
  }
}

/** A channel of two users, as the one who opened it sees it. */
export function dmChannel(id: string, recipient: APIUser): APIDMChannel {
  return { id, type: 1, name: null, recipients: [recipient], last_message_id: null, flags: noFlags }
}
