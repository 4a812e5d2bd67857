/** Its types describe an ES module, while what Node gets is a CommonJS one: the class itself. */
export async function loadReconnectingWebSocket() {
  const { default: loaded } = await import('reconnecting-websocket')
  return loaded as unknown as typeof loaded.default
}
