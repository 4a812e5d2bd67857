// What every file and every package must be like.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { clockFiles, layerOf, platformTime } from './layers.mjs'
import { readJson } from './read-workspace.mjs'

/** @import { Member } from './read-workspace.mjs' */
/** @import { Source } from './read-source.mjs' */

const longest = 200

/** @type {(path: string, source: Source) => string[]} */
export function checkFile(path, { lines, exportStars, calls }) {
  const problems = exportStars.map(
    ({ text, line }) => `${path}:${line}: \`${text}\`: list the names instead`,
  )
  if (lines > longest)
    problems.push(`${path}: ${lines} lines, more than ${longest}: is it one idea?`)
  if (clockFiles.includes(path)) return problems
  for (const { text, line } of calls)
    if (platformTime.includes(text))
      problems.push(
        `${path}:${line}: ${text}() outside ${clockFiles[0]}: take \`clock\` or \`random\``,
      )
  return problems
}

/** @type {(root: string, members: Member[]) => string[]} */
export function checkPackages(root, members) {
  const budgets = readJson(root, '.size-limit.json') ?? []
  const { tasks = {} } = readJson(root, 'turbo.json') ?? {}
  return members
    .filter(({ folder }) => folder.startsWith('packages/'))
    .flatMap(({ folder, manifest }) => {
      const { name, description, exports = {} } = manifest
      const problems = []
      if (!layerOf(folder)) problems.push('has no layer: give it one in scripts/layers/layers.mjs')
      if (!description) problems.push('has no description in package.json')
      if (!existsSync(join(root, folder, 'README.md'))) problems.push('has no README.md')
      for (const [subpath, target] of Object.entries(exports)) {
        if (typeof target === 'string') continue
        const report = [folder.split('/')[1], ...subpath.split('/').slice(1)].join('-')
        if (!existsSync(join(root, folder, 'etc', `${report}.api.md`)))
          problems.push(`has no etc/${report}.api.md: run \`pnpm api\``)
        // Bytes count where pages load them.
        const built = join(folder, target.browser ?? target.default ?? '').replaceAll('\\', '/')
        const hasBudget = budgets.some((/** @type {{ path: string }} */ { path }) => path === built)
        if (subpath !== './testing' && !hasBudget)
          problems.push(`has no size budget for ${built} in .size-limit.json`)
        if (Object.keys(target)[0] !== '@evenkeel/source')
          problems.push(`exports["${subpath}"] must begin with "@evenkeel/source"`)
      }
      for (const [task, { dependsOn }] of Object.entries(tasks))
        if (dependsOn?.some((/** @type {string} */ id) => id.endsWith('#build')))
          if (!dependsOn.includes(`${name}#build`))
            problems.push(`${task} in turbo.json does not wait for ${name}#build`)
      return problems.map((problem) => `${folder}: ${problem}`)
    })
}
