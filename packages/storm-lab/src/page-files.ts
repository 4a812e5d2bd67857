// Beside this package's source and its build alike, so this file must be directly in either.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** Reads what a page is made of: a file of `page/`, or of the library that draws its charts. */
export const pageFiles = {
  own: (name: 'charts.js' | 'style.css'): string =>
    readFileSync(new URL(`../page/${name}`, import.meta.url), 'utf8'),
  uplot: (name: 'uPlot.iife.min.js' | 'uPlot.min.css'): string =>
    readFileSync(createRequire(import.meta.url).resolve(`uplot/dist/${name}`), 'utf8'),
}
