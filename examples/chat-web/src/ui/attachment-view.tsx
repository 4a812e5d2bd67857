import type { Attachment } from '../chat/model.ts'
import { FileIcon } from './icons.tsx'

const isPicture = (type: string): boolean => /^image\/(png|jpeg|gif|webp|avif)$/.test(type)

/** A size as people say it. */
export function bytesWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** A file of a message: pictures are shown. */
export function AttachmentView({ attachment }: { attachment: Attachment }) {
  const { name, url, bytes, type } = attachment
  if (isPicture(type))
    return (
      <a class="picture" href={url} target="_blank" rel="noreferrer">
        <img src={url} alt={name} />
      </a>
    )
  return (
    <a class="file" href={url} target="_blank" rel="noreferrer">
      <FileIcon />
      <span class="file-name">{name}</span>
      <span class="muted">{bytesWords(bytes)}</span>
    </a>
  )
}
