import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { ToChild } from './messages.ts'

/** A child process, by its messages; `stop` ends it. */
export interface Child<Message extends { readonly type: string }> {
  tell(message: ToChild): void
  /**
   * Waits for a message of a type.
   *
   * @throws Error when the process ends first.
   */
  wait<Type extends Message['type']>(type: Type): Promise<Extract<Message, { type: Type }>>
  onMessage(listener: (message: Message) => void): void
  /** Rejects when the process ends unasked. */
  readonly crashed: Promise<never>
  stop(): Promise<void>
}

/** Starts a script of this package as a process of its own. */
export function forkChild<Message extends { readonly type: string }>(
  script: URL,
  name: string,
): Child<Message> {
  const child: ChildProcess = fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  let isStopping = false
  const ended = once(child, 'exit')
  const crashed = ended.then(([code]): Promise<never> => {
    if (isStopping) return new Promise(() => {})
    throw new Error(`The ${name} process ended early, with exit code ${code}`)
  })
  crashed.catch(() => {})
  return {
    crashed,
    tell: (message) => void child.send(message),
    onMessage: (listener) => void child.on('message', listener),
    wait(type) {
      const found = new Promise<never>((resolve) => {
        const listen = (message: Message) => {
          if (message.type !== type) return
          child.off('message', listen)
          resolve(message as never)
        }
        child.on('message', listen)
      })
      return Promise.race([found, crashed])
    },
    async stop() {
      isStopping = true
      // It exits when it has lost its parent.
      if (child.connected) child.disconnect()
      if (child.exitCode === null && child.signalCode === null) await ended
    },
  }
}
