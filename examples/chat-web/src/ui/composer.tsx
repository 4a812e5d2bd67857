import { useEffect, useRef, useState } from 'preact/hooks'
import type { Channel } from '../chat/model.ts'
import { useApp } from './app-context.ts'
import { FileChip } from './file-chip.tsx'
import { AttachIcon, SendIcon } from './icons.tsx'

/** Discord's limits of one message. */
const maxLength = 2000
const maxFiles = 10

/** Where one writes. Enter sends, Shift+Enter begins a line; files can be chosen, pasted or dropped. */
export function Composer({ channel }: { channel: Channel }) {
  const { session } = useApp()
  const { id, name } = channel
  const [text, setText] = useState('')
  const [files, setFiles] = useState<readonly File[]>([])
  const [isDropping, setIsDropping] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const isEmpty = text.trim() === '' && files.length === 0

  useEffect(() => {
    // Where a keyboard would cover half of the page, it waits until it is asked for.
    if (matchMedia('(pointer: fine)').matches) box.current?.focus({ preventScroll: true })
  }, [])

  const add = (list: FileList | undefined | null): void =>
    setFiles((chosen) => [...chosen, ...(list ?? [])].slice(0, maxFiles))

  function send(): void {
    if (isEmpty) return
    session.send(id, text.trim(), files)
    setText('')
    setFiles([])
    box.current?.focus()
  }

  return (
    <form
      class="composer"
      data-dropping={isDropping}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
      onDragOver={(event) => {
        event.preventDefault()
        setIsDropping(true)
      }}
      onDragLeave={() => setIsDropping(false)}
      onDrop={(event) => {
        event.preventDefault()
        setIsDropping(false)
        add(event.dataTransfer?.files)
      }}
    >
      {files.length > 0 && (
        <div class="chips">
          {files.map((file) => (
            <FileChip
              key={`${file.name} ${file.lastModified}`}
              file={file}
              onRemove={() => setFiles(files.filter((each) => each !== file))}
            />
          ))}
        </div>
      )}
      <div class="composer-row">
        <button
          class="plain"
          type="button"
          aria-label="Attach files"
          title="Attach files"
          onClick={() => picker.current?.click()}
        >
          <AttachIcon />
        </button>
        <input
          ref={picker}
          class="visually-hidden"
          type="file"
          multiple
          tabIndex={-1}
          aria-label="Files to attach"
          onChange={({ currentTarget }) => {
            add(currentTarget.files)
            currentTarget.value = ''
          }}
        />
        <textarea
          ref={box}
          id="message-box"
          rows={1}
          maxLength={maxLength}
          aria-label={`Message #${name}`}
          placeholder={`Message #${name}`}
          value={text}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value)
            if (currentTarget.value) session.typing(id)
          }}
          onPaste={({ clipboardData }) => add(clipboardData?.files)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
            event.preventDefault()
            send()
          }}
        />
        <button class="send" type="submit" aria-label="Send" title="Send" disabled={isEmpty}>
          <SendIcon />
        </button>
      </div>
    </form>
  )
}
