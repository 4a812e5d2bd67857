import { useEffect, useState } from 'preact/hooks'
import { bytesWords } from './attachment-view.tsx'
import { CloseIcon, FileIcon } from './icons.tsx'

/** A file that is not at the server yet; a picture is shown small. */
export function FileChip({ file, onRemove }: { file: File; onRemove?: () => void }) {
  const [preview, setPreview] = useState<string>()
  useEffect(() => {
    if (!file.type.startsWith('image/')) return
    const url = URL.createObjectURL(file)
    setPreview(url)
    return () => URL.revokeObjectURL(url)
  }, [file])
  return (
    <span class="chip">
      {preview ? <img src={preview} alt="" /> : <FileIcon />}
      <span class="file-name">{file.name}</span>
      <span class="muted">{bytesWords(file.size)}</span>
      {onRemove && (
        <button class="plain" type="button" aria-label={`Remove ${file.name}`} onClick={onRemove}>
          <CloseIcon />
        </button>
      )}
    </span>
  )
}
