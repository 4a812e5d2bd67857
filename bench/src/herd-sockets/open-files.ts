import process from 'node:process'

interface Report {
  readonly userLimits?: { readonly open_files?: { readonly soft: number | 'unlimited' } }
}

/** How many files and sockets a process may have open; Node.js raises its limit to the most it is allowed. */
export function openFilesLimit(): number {
  const soft = (process.report.getReport() as Report).userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : Infinity
}
