import type { Timer } from '@evenkeel/core'
import type { Advice } from '../advice.ts'
import { Line } from '../line.ts'
import type { LineOwner } from '../line-host.ts'
import type { Loss } from '../loss.ts'
import type { SessionRotation } from '../session.ts'
import type { RotationReason } from './age.ts'
import { Overlap } from './overlap.ts'
import { Plan } from './plan.ts'
import type { RotateRules } from './rotate.ts'
import type { RotatingMachine } from './rotating-machine.ts'

/** The code with which an old connection is closed where its session names none. */
const normalCode = 1000

/** The connection before the one in use, until it is closed. */
interface Retiring {
  readonly line: Line
  readonly reason: RotationReason
  /** Ends the time in which it is still heard. */
  readonly linger: Timer | undefined
  /** What goes on when it is closed. */
  goOn: (() => void) | undefined
}

/** Makes the successor of a connection, and closes that when the successor is ready. */
export class Rotator implements LineOwner, SessionRotation {
  successor: Line | undefined
  readonly #rules: RotateRules
  readonly #host: RotatingMachine
  readonly #plan: Plan
  readonly #overlap: Overlap | undefined
  /** The connection in use, once it is ready. */
  #line: Line | undefined
  #retiring: Retiring | undefined

  constructor(rules: RotateRules, host: RotatingMachine) {
    this.#rules = rules
    this.#host = host
    this.#plan = new Plan(rules, host.settings, () => this.#dial())
    if (rules.idOf) this.#overlap = new Overlap(rules.idOf, host.settings)
  }

  use(line: Line): void {
    this.#line = line
    this.#plan.begin()
  }

  advise({ rotateWithinMs }: Advice): void {
    if (rotateWithinMs !== undefined && this.#isIdle) this.#plan.within(rotateWithinMs, 'advice')
  }

  isBeside(line: Line): boolean {
    return line.owner === this
  }

  begin(line: Line): boolean {
    if (line !== this.#line) return false
    const { firstWindowMs } = this.#host.settings
    if (this.#isIdle) this.#plan.within(firstWindowMs, 'protocol')
    return true
  }

  heir(lost: Line, isLast: boolean): Line | undefined {
    const { successor } = this
    this.#plan.cancel()
    this.#line = this.successor = undefined
    // What went on with the connection that is lost now.
    if (this.#retiring) this.#retiring.goOn = undefined
    this.#overlap?.end()
    if (successor?.phase === 'open' && !isLast) this.#tell(lost, this.#plan.reason)
    return successor
  }

  hasHeard(data: unknown): boolean {
    return this.#overlap?.hasHeard(data) ?? false
  }

  stop(): void {
    this.#goOn()
    this.#plan.cancel()
    this.#line = undefined
    const { successor } = this
    this.successor = undefined
    successor?.end('user')
  }

  end(): void {
    this.stop()
    const retiring = this.#retiring
    this.#retiring = undefined
    retiring?.linger?.cancel()
    retiring?.line.end('user')
    this.#overlap?.forget()
  }

  opened(line: Line): void {
    // What is sent from here on is for the new connection, if nothing has to be said on it before.
    if (!this.#host.session) this.#host.delivery.pause()
    this.#host.opened(line)
  }

  ready(line: Line): void {
    this.#retire(line, undefined, () => this.#host.ready(line), this.#rules.lingerMs)
  }

  relieve(line: Line, code: number | undefined, then: () => void): void {
    this.#retire(line, code, then, 0)
  }

  ended(line: Line, loss: Loss): void {
    line.cut(loss)
    if (line === this.#retiring?.line) this.#retired(this.#retiring, loss)
    else if (line === this.successor) this.#failed(loss)
  }

  #dial(): void {
    const { settings, comeback, tell } = this.#host
    const { reason } = this.#plan
    if (this.#retiring) {
      this.#plan.add(settings.closeTimeoutMs + this.#rules.lingerMs, reason)
      return
    }
    const { attempt, isRefresh } = comeback.dialFacts()
    tell('dialStarted', { attempt })
    // What was told may have closed it, or dialled.
    if (!this.#line || this.successor) return
    this.#overlap?.begin()
    this.successor = new Line(this.#host, this)
    this.successor.dial({ attempt, isRefresh: isRefresh || reason === 'expiry' })
  }

  #retire(line: Line, code: number | undefined, then: () => void, lingerMs: number): void {
    const { settings, delivery, session } = this.#host
    const { clock } = settings
    const { reason } = this.#plan
    this.successor = undefined
    this.#plan.cancel()
    const before = this.#line as Line
    this.#host.swap(line)
    before.owner = this
    before.quieten()
    const close = (): void => before.close(code ?? session?.abandonCode ?? normalCode)
    if (lingerMs > 0) {
      const linger = clock.scheduleAt(clock.now() + lingerMs, close)
      this.#retiring = { line: before, reason, linger, goOn: undefined }
      then()
    } else {
      delivery.pause()
      this.#retiring = { line: before, reason, linger: undefined, goOn: then }
      close()
    }
  }

  #retired({ line, reason, linger }: Retiring, loss: Loss): void {
    linger?.cancel()
    this.#host.comeback.ended(loss, line.readyAtMs)
    this.#overlap?.end()
    this.#goOn()
    this.#retiring = undefined
    this.#tell(line, reason)
  }

  #tell({ readyAtMs }: Line, reason: RotationReason): void {
    const { tell, settings } = this.#host
    tell('rotated', { reason, ageMs: settings.clock.now() - readyAtMs })
  }

  /** The dial failed, or the session was not ready on it: the connection in use stays in use. */
  #failed(loss: Loss): void {
    const { comeback, tell } = this.#host
    this.successor = undefined
    this.#overlap?.end()
    comeback.ended(loss, Infinity)
    const decision = comeback.decide(loss)
    if (!decision.stop) this.#plan.add(decision.delayMs, this.#plan.reason)
    tell('rotationFailed', { ...loss, failures: comeback.failures })
  }

  /** Whether a connection is in use, and no other is being made. */
  get #isIdle(): boolean {
    return this.#line !== undefined && !this.successor
  }

  #goOn(): void {
    const goOn = this.#retiring?.goOn
    if (this.#retiring) this.#retiring.goOn = undefined
    goOn?.()
  }
}
