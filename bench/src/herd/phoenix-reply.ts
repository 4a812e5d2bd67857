/** What a Phoenix server says to a heartbeat: `[join_ref, ref, topic, event, payload]`. */
export function phoenixReply(message: string): string | undefined {
  const [, ref, topic, event] = JSON.parse(message) as unknown[]
  if (event !== 'heartbeat') return undefined
  return JSON.stringify([null, ref, topic, 'phx_reply', { status: 'ok', response: {} }])
}
