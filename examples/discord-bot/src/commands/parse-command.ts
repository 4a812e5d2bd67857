/** A command as it was written. */
export interface CommandLine {
  readonly name: string
  readonly args: string
}

/** Reads `!name args`; all else is conversation. */
export function parseCommand(content: string): CommandLine | undefined {
  const [, name, args = ''] = /^\s*!([a-z]+)(?:\s+([\s\S]*))?$/i.exec(content) ?? []
  return name === undefined ? undefined : { name: name.toLowerCase(), args: args.trim() }
}
