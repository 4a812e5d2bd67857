import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const uplot = createRequire(import.meta.url).resolve('uplot')
const read = (name: string) => readFileSync(uplot.replace(/[^/\\]+$/, name), 'utf8')

/** uPlot's script and style, to be put into a page. */
export const uplotFiles = () => ({
  script: read('uPlot.iife.min.js'),
  style: read('uPlot.min.css'),
})
