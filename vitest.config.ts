import { existsSync } from 'node:fs'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'
import { firefox } from './test/browsers/firefox.ts'
import { webkit } from './test/browsers/webkit.ts'

const chromium = process.env.EVENKEEL_CHROMIUM ?? '/usr/bin/chromium'
const firefoxEsr = process.env.EVENKEEL_FIREFOX ?? '/usr/bin/firefox-esr'

// One engine per project. An engine that is not installed is left out, except in CI.
const hasChromium = process.env.CI || existsSync(chromium)
const engines = [
  {
    name: 'chromium',
    path: chromium,
    provider: () =>
      playwright({
        launchOptions: {
          executablePath: chromium,
          // Root needs --no-sandbox; the rest keeps Chromium off the network.
          args: [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
          ],
        },
      }),
  },
  { name: 'firefox', path: firefoxEsr, provider: () => firefox(firefoxEsr) },
  { name: 'webkit', path: '/usr/bin/WebKitWebDriver', provider: () => webkit() },
]

// Packages are tested from their sources, so that no test waits for a build.
const source = '@evenkeel/source'
const inNode = {
  resolve: { conditions: [source] },
  ssr: { resolve: { conditions: [source, 'node'] } },
}
// The rest are Vite's own defaults for browsers.
const inBrowsers = {
  resolve: { conditions: [source, 'module', 'browser', 'development|production'] },
  // Their servers are started in Node.
  ssr: { resolve: { conditions: [source, 'node'] } },
}

// What leaves nothing behind: a worker for each file would take longer than the file.
const inOneWorld = {
  maxWorkers: 2,
  isolate: false,
  // A slow machine is no bug.
  testTimeout: 60_000,
}

/** How long real things may take on a slow machine: Vitest's own is a second. */
const patient = { poll: { timeout: 60_000 } }

const browsers = engines
  .filter(({ path }) => process.env.CI || existsSync(path))
  .map(
    ({ name, provider }): TestProjectConfiguration => ({
      ...inBrowsers,
      test: {
        name,
        expect: patient,
        testTimeout: 60_000,
        include: ['packages/*/test/**/*.browser.test.ts'],
        // The long runs under faults are for one engine.
        exclude: name === 'chromium' ? [] : ['**/*.chromium.browser.test.ts'],
        globalSetup: [
          './test/server.ts',
          ...(name === 'chromium' ? ['./test/fault-servers.ts'] : []),
        ],
        browser: {
          enabled: true,
          headless: true,
          screenshotFailures: false,
          provider: provider(),
          instances: [{ browser: name as 'chromium' }],
        },
      },
    }),
  )

export default defineConfig({
  test: {
    reporters: ['default', './test/summary.ts'],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**'],
      reporter: [['text', { skipFull: true }]],
      thresholds: { lines: 95, branches: 95 },
    },
    projects: [
      {
        // The manual clock and a seeded random; no sockets.
        ...inNode,
        test: {
          name: 'unit',
          include: ['{packages,examples}/*/test/**/*.test.ts', '{bench,test}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.{browser,real,simulation}.test.ts'],
          ...inOneWorld,
        },
      },
      {
        // As unit tests, of whole fleets or of thousands of runs: those that take their time.
        ...inNode,
        test: {
          name: 'simulation',
          include: [
            '{packages,examples}/*/test/**/*.simulation.test.ts',
            '{bench,test}/**/*.simulation.test.ts',
          ],
          exclude: ['**/node_modules/**'],
          ...inOneWorld,
        },
      },
      {
        // Real sockets, real servers, real Discord clients.
        ...inNode,
        test: {
          name: 'real',
          include: [
            '{packages,examples}/*/test/**/*.real.test.ts',
            '{bench,test}/**/*.real.test.ts',
          ],
          exclude: ['**/node_modules/**', ...(hasChromium ? [] : ['**/*.chromium.real.test.ts'])],
          testTimeout: 120_000,
          expect: patient,
          maxWorkers: 2,
        },
      },
      ...browsers,
    ],
  },
})
