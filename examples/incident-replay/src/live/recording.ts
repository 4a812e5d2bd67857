import type { LiveFrame } from './live-frame.ts'

/** What became of one world, for the page. */
export interface Outcome {
  readonly name: string
  readonly isWell: boolean
  readonly text: string
}

/** What the page shows when all is over. */
export interface Ending {
  readonly takeHome: string
  readonly outcomes: readonly Outcome[]
  /** The whole report, so that it opens when the server has gone; left out of pictures. */
  readonly report?: { readonly path: string; readonly html: string } | undefined
}

/** All that a page has been told, or would have been. */
export interface Recorded {
  readonly frames: readonly LiveFrame[]
  readonly ending?: Ending | undefined
}

/** What comes after the history. */
export type LiveEvent =
  | { readonly type: 'frame'; readonly frame: LiveFrame }
  | { readonly type: 'ending'; readonly ending: Ending }

/** Keeps what has happened for those who come later, and tells those who are there. */
export class Recording {
  readonly #frames: LiveFrame[] = []
  readonly #listeners = new Set<(event: LiveEvent) => void>()
  #ending: Ending | undefined

  get recorded(): Recorded {
    return { frames: this.#frames, ending: this.#ending }
  }

  add(frame: LiveFrame): void {
    this.#frames.push(frame)
    this.#tell({ type: 'frame', frame })
  }

  end(ending: Ending): void {
    this.#ending = ending
    this.#tell({ type: 'ending', ending })
  }

  /** Listens to what comes from now on; what it returns ends that. */
  follow(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #tell(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
