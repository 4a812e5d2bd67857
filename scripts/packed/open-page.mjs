// Opens a built page in Chromium, with the documentation's API behind it.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import process from 'node:process'
import { chromium } from 'playwright'

export const chromiumPath = process.env.EVENKEEL_CHROMIUM ?? '/usr/bin/chromium'
export const hasChromium = existsSync(chromiumPath)

/** @type {Record<string, string>} */
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
const headers = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-allow-methods': '*',
}

/**
 * Fails on any error of the page, and when the page never asks the API.
 *
 * @type {(folder: string) => Promise<void>}
 */
export async function openPage(folder) {
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    /** @type {string[]} */
    const errors = []
    let asked = 0
    page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
    page.on('console', (line) => line.type() === 'error' && errors.push(line.text()))
    await page.route('**/*', async (route) => {
      const { hostname, pathname } = new URL(route.request().url())
      if (hostname !== 'page.test') {
        asked++
        await route.fulfill({ status: 200, headers, json: { id: '1', name: 'example' } })
        return
      }
      const path = pathname === '/' ? '/index.html' : pathname
      const body = await readFile(join(folder, path))
      await route.fulfill({ body, contentType: types[extname(path)] ?? 'text/plain' })
    })
    await page.goto('https://page.test/', { waitUntil: 'networkidle' })
    if (asked === 0) errors.push('the page asked nothing of the API')
    if (errors.length > 0) throw new Error(errors.join('\n'))
  } finally {
    await browser.close()
  }
}
