import { once } from 'node:events'
import {
  Client,
  type ClientOptions,
  GatewayIntentBits,
  type Guild,
  Partials,
  type TextChannel,
} from 'discord.js'
import { onTestFinished } from 'vitest'
import { type Mock, type MockOptions, startMock } from '../../src/index.ts'
import { fixedIds } from '../../src/store/store.ts'
import { caller, general } from '../started.ts'
import { until } from './until.ts'

/** A mock whose sockets are as quick as a test wants them. */
export async function quickMock(options: MockOptions = {}): Promise<Mock> {
  const mock = await startMock({
    limits: { enabled: false },
    ...options,
    sockets: {
      heartbeatIntervalMs: 30_000,
      identifyWindowMs: 0,
      ...options.sockets,
    },
  })
  onTestFinished(() => mock.close())
  return mock
}

/** A dispatch as it came over the wire. */
export interface Raw {
  readonly op: number
  readonly s: number | null
  readonly t: string | null
  // biome-ignore lint/suspicious/noExplicitAny: tests look into every shape of payload
  readonly d: any
}

export const allIntents = Object.values(GatewayIntentBits)
  .filter((bit): bit is number => typeof bit === 'number')
  .reduce((all, bit) => all | bit, 0)

/** An unmodified discord.js bot that has logged in, and everything it was sent. */
export async function bot(
  mockOptions: MockOptions = {},
  { token = 'token', ...options }: Partial<ClientOptions> & { token?: string } = {},
) {
  const mock = await quickMock(mockOptions)
  const client = newClient(mock, options)
  const raws = record(client)
  const ready = once(client, 'clientReady')
  await client.login(token)
  await ready
  const guild = client.guilds.cache.get(fixedIds.guild) as Guild
  const channel = guild?.channels.cache.get(general) as TextChannel
  return { mock, client, raws, guild, channel, call: caller(mock, 'Bot another') }
}

export function newClient(mock: Mock, options: Partial<ClientOptions> = {}): Client {
  const client = new Client({
    intents: allIntents,
    partials: [Partials.Channel, Partials.Message, Partials.Reaction],
    rest: { api: mock.apiUrl },
    ...options,
    // The wait of 5 s between two IDENTIFYs is the client's own; the tests of the mock's are elsewhere.
    ws: { buildIdentifyThrottler: async () => ({ waitForIdentify: async () => {} }) },
  } as ClientOptions)
  client.on('error', () => {})
  onTestFinished(() => client.destroy())
  return client
}

/** Collects the dispatches of a client. */
export function record(client: Client): Raw[] {
  const raws: Raw[] = []
  client.on('raw', (packet: Raw) => raws.push(packet))
  return raws
}

/** The first dispatch of a name, once it is there. */
export const dispatched = (raws: readonly Raw[], t: string): Promise<Raw> =>
  until(() => raws.find((raw) => raw.t === t))

/** The numbers of the injected messages, in the order in which they came. */
export const numbersOf = (raws: readonly Raw[]): number[] =>
  raws.flatMap(({ t, d }) => (t === 'MESSAGE_CREATE' && typeof d.nonce === 'number' ? d.nonce : []))

export const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)
