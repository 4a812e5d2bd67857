import { Command, InvalidArgumentError } from 'commander'
import { AdminClient } from './admin-client.ts'

/** Where a command writes, and what ends one that runs on. */
export interface Terminal {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Ends `start`, `status --watch`, and the waiting of `scenario --wait`. */
  readonly stopped: AbortSignal
  /** @defaultValue `false` */
  readonly hasColours?: boolean | undefined
  /** Writes in place of what it wrote before. @defaultValue `out` */
  readonly redraw?: ((text: string) => void) | undefined
}

/** What every command that talks to a running mock is given. */
export interface Remote {
  readonly admin: AdminClient
  /** Writes the value as JSON with `--json`, else as this text. */
  print(value: unknown, text: string): void
}

/** A command that talks to a running mock: has `--url` and `--json`. */
export function remoteCommand(name: string): Command {
  return new Command(name)
    .option(
      '--url <url>',
      'the mock to talk to (or MOCK_DISCORD_URL)',
      process.env.MOCK_DISCORD_URL ?? 'http://127.0.0.1:8080',
    )
    .option('--json', 'write JSON')
}

/** Reads the options that {@link remoteCommand} added. */
export function remoteOf(command: Command, terminal: Terminal): Remote {
  const { url, json } = command.opts<{ url: string; json?: boolean }>()
  return {
    admin: new AdminClient(url),
    print: (value, text) => terminal.out(json ? JSON.stringify(value, undefined, 2) : text),
  }
}

/** Parses a number, `none` being no limit. */
export function parseNumber(text: string): number {
  const value = text === 'none' ? Number.POSITIVE_INFINITY : Number(text)
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError('Not a number.')
  return value
}

/** Parses a whole number, none below zero. */
export function parseWhole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Not a whole number.')
  return Number(text)
}

/** Parses `on` or `off`. */
export function parseSwitch(text: string): boolean {
  if (text !== 'on' && text !== 'off') throw new InvalidArgumentError('Not on or off.')
  return text === 'on'
}

/** Collects `name: value` or `name=value`, given any number of times. */
export function parseHeader(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const [, name, value] = /^([^:=\s]+)\s*[:=]\s*(.*)$/.exec(text) ?? []
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('Not a header, as in "retry-after: 5".')
  }
  return { ...before, [name.toLowerCase()]: value }
}

/** Leaves out what was not given, so that a patch holds only what was. */
export function given<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<T>
}
