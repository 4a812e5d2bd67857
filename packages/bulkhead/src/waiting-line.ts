/** What can wait in a line: its neighbours are the line's own notes. */
export interface InLine<C> {
  ahead?: C | undefined
  behind?: C | undefined
}

/** First come, first served; whoever gives up leaves from anywhere, at no cost to the others. */
export class WaitingLine<C extends InLine<C>> {
  first: C | undefined
  last: C | undefined
  size = 0

  push(call: C): void {
    call.ahead = this.last
    if (this.last) this.last.behind = call
    else this.first = call
    this.last = call
    this.size++
  }

  /** Whether it was there. */
  remove(call: C): boolean {
    const { ahead, behind } = call
    const isHere = !!ahead || this.first === call
    if (isHere) {
      if (ahead) ahead.behind = behind
      else this.first = behind
      if (behind) behind.ahead = ahead
      else this.last = ahead
      call.ahead = call.behind = undefined
      this.size--
    }
    return isHere
  }
}
