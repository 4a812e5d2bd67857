import type { Advice } from '../advice.ts'
import type { StopReason } from '../connect.ts'
import { ruleOf } from '../connect.ts'
import type { SocketEvents, Tell } from '../events.ts'
import type { WebSocketLike } from '../inner-socket.ts'
import type { Line } from '../line.ts'
import type { Loss } from '../loss.ts'
import { Machine } from '../machine.ts'
import type { Settings } from '../settings.ts'
import type { RotateRules } from './rotate.ts'
import { Rotator } from './rotator.ts'

/** A machine whose connections are replaced while they live. */
export class RotatingMachine extends Machine {
  override readonly rotation: Rotator

  constructor(rules: RotateRules, settings: Settings, binaryType: string, tell: Tell) {
    super(settings, binaryType, tell)
    this.rotation = new Rotator(rules, this)
    this.tell = (type, event) => {
      const isAgain =
        type === 'message' && this.rotation.hasHeard((event as SocketEvents['message']).data)
      if (!isAgain) tell(type, event)
    }
  }

  override close(code?: number, reason?: string): void {
    // A signal that has aborted closes it before there is one.
    this.rotation?.stop()
    super.close(code, reason)
  }

  override reconnect(): void {
    this.rotation.stop()
    super.reconnect()
  }

  override advise(advice: Advice): void {
    super.advise(advice)
    this.rotation.advise(advice)
  }

  override ready(line: Line): void {
    super.ready(line)
    if (this.state === 'open') this.rotation.use(line)
  }

  /** Puts a connection in the place of the one in use. */
  swap(line: Line): void {
    this.line = line
    line.owner = this
  }

  protected override get newest(): Line | undefined {
    const { successor } = this.rotation
    return successor && successor.phase !== 'connecting' ? successor : super.newest
  }

  protected override get inners(): readonly (WebSocketLike | undefined)[] {
    return [this.rotation.successor?.inner, this.line?.inner]
  }

  /** A successor that is open goes on at once; of one that is being dialled it depends on how it ended. */
  protected override comeBack(loss: Loss, lost: Line): void {
    const { comeback, settings } = this
    const isLast = ruleOf(loss, settings.closeCodes) === 'stop'
    const heir = this.rotation.heir(lost, isLast)
    if (!heir) {
      super.comeBack(loss, lost)
      return
    }
    if (heir.phase === 'open' && !isLast) {
      this.swap(heir)
      return
    }
    const { stop } = comeback.decide(loss)
    if (stop) {
      heir.end('user')
      this.finish(loss, stop)
      return
    }
    this.state = 'connecting'
    this.swap(heir)
    this.tell('disconnected', { ...loss, failures: comeback.failures })
  }

  protected override finish(loss: Loss, stop: StopReason): void {
    // What ends with it must not be used any more.
    this.state = 'closed'
    this.rotation.end()
    super.finish(loss, stop)
  }
}
