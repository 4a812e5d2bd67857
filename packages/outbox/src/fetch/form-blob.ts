const withLineEnds = (text: string): string => text.replace(/\r\n?|\n/g, '\r\n')

const escaped = (name: string): string =>
  name.replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22')

/**
 * Writes a form as the platform sends it (HTML, "multipart form data"). Done here since WebKit does not read a form with
 * files for anybody else.
 */
export function formBlob(form: FormData): Blob {
  const boundary = `----evenkeel-${crypto.randomUUID()}`
  const parts: BlobPart[] = []
  for (const [name, value] of form) {
    parts.push(
      `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(withLineEnds(name))}"`,
    )
    if (typeof value === 'string') parts.push(`\r\n\r\n${withLineEnds(value)}`)
    else
      parts.push(
        `; filename="${escaped(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}\r\n\r\n`,
        value,
      )
    parts.push('\r\n')
  }
  return new Blob([...parts, `--${boundary}--\r\n`], {
    type: `multipart/form-data; boundary=${boundary}`,
  })
}
