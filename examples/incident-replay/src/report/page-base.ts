import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const uplot = createRequire(import.meta.url).resolve('uplot')
const library = (name: string) => readFileSync(uplot.replace(/[^/\\]+$/, name), 'utf8')
const own = (name: string) => readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8')

/** The script and style that every page begins with: uPlot's, and the colours. */
export const pageBase = () => ({
  script: `${library('uPlot.iife.min.js')}\n${own('base.js')}`,
  style: library('uPlot.min.css') + own('base.css'),
})
