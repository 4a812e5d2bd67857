/** Reads the JSON of an answer that is no failure. */
export async function readJson(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(`status ${response.status}`)
  return response.json()
}
