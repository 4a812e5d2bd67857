/** What a suite has to say. */
export interface Report {
  readonly suite: string
  readonly title: string
  /** What a reader must know to read the figures. */
  readonly notes: readonly string[]
  readonly tables: readonly Table[]
}

/** A table of figures; the first column is text. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
}

/** One line of a {@link Table}: a contender and its figures, `undefined` where it has none. */
export type Row = readonly [contender: string, ...cells: readonly Cell[]]

/** A figure, or words in its place. */
export type Cell = number | string | undefined
