import type { Report, Row } from '../report/report.ts'
import { entries } from '../sizes/entries.ts'
import { entryName, measureSize } from '../sizes/measure-size.ts'
import type { Suite, SuiteOptions } from './suite.ts'

const title = 'what an import adds to a page, dependencies included'

async function run({ progress }: SuiteOptions): Promise<Report> {
  progress(`sizes: ${entries.length} bundles`)
  const rows: Row[] = []
  for (const entry of entries) {
    const { minifiedBytes, gzipBytes, brotliBytes } = await measureSize(entry)
    const { targetKb } = entry
    const verdict =
      targetKb && `≤ ${targetKb} kB: ${gzipBytes <= targetKb * 1000 ? 'met' : 'missed'}`
    rows.push([entryName(entry), minifiedBytes, gzipBytes, brotliBytes, verdict])
  }
  return {
    suite: 'sizes',
    title,
    notes: ['Bundled and minified by esbuild for browsers; bytes.'],
    tables: [{ columns: ['import', 'minified', 'gzip', 'brotli', 'target'], rows }],
  }
}

export const sizes: Suite = { name: 'sizes', title, run }
