const key = String.raw`[a-z*][a-z\d_.*-]*`
const bareItem = String.raw`"(?:[ !#-[\]-~]|\\["\\])*"|:[A-Za-z\d+/=]*:|\?[01]|@?-?\d{1,15}(?:\.\d{1,3})?|[A-Za-z*][\w!#$%&'*+.^|~:/-]*`
const innerList = String.raw`\((?:[^()"]|"(?:[^"\\]|\\.)*")*\)`

/**
 * Splits a structured field (RFC 9651) that is a Dictionary: its members as they were written, without parameters. One
 * error anywhere, or more than 4,096 characters, makes the whole field `undefined`; what is in an inner list is not looked at.
 */
export function dictionary(text: string): ReadonlyMap<string, string> | undefined {
  if (text.length > 4096) return undefined
  const member = new RegExp(
    `[ \\t]*(${key})(?:=(${innerList}|${bareItem}))?(?:; *${key}(?:=(?:${bareItem}))?)*[ \\t]*(,|$)`,
    'y',
  )
  const members = new Map<string, string>()
  for (;;) {
    const [, name, value = '?1', separator] = member.exec(text) ?? []
    if (!name) return undefined
    members.set(name, value)
    if (!separator) return members
  }
}
