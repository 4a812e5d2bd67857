import type { Message } from '../chat/model.ts'
import { AttachmentView } from './attachment-view.tsx'
import { Avatar } from './avatar.tsx'
import { Reactions } from './reactions.tsx'

interface MessageProps {
  message: Message
  /** Whether the one before is of the same author, and not long ago. */
  isContinued: boolean
  isNewDay: boolean
  isFirstNew: boolean
}

const timeFormat = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' })

/** A message that the server has. */
export function MessageView({ message, isContinued, isNewDay, isFirstNew }: MessageProps) {
  const { author, content, sentAtMs, attachments, isEdited } = message
  const isHead = !isContinued || isFirstNew
  return (
    <>
      {isNewDay && (
        <li class="divider">
          <span>{dayFormat.format(sentAtMs)}</span>
        </li>
      )}
      {isFirstNew && (
        <li class="divider new">
          <span>New</span>
        </li>
      )}
      <li class="message" data-continued={!isHead} data-id={message.id}>
        {isHead && <Avatar user={author} />}
        <div class="message-body">
          <p class={isHead ? 'message-head' : 'visually-hidden'}>
            <span class="author">{author.name}</span>
            <time dateTime={new Date(sentAtMs).toISOString()}>{timeFormat.format(sentAtMs)}</time>
          </p>
          {content && (
            <p class="content">
              {content}
              {isEdited && <small class="muted"> (edited)</small>}
            </p>
          )}
          {attachments.length > 0 && (
            <div class="attachments">
              {attachments.map((attachment) => (
                <AttachmentView key={attachment.id} attachment={attachment} />
              ))}
            </div>
          )}
          <Reactions message={message} />
        </div>
      </li>
    </>
  )
}
