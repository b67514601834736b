// Reads a job's log and its files of outputs the way the runner of GitHub Actions does (actions/runner, ActionCommand and FileCommandManager).

/** A command that the runner would carry out. */
export interface JobCommand {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly text: string
}

/** A log's lines, and the commands among them. */
export function jobLog(log: string): { readonly lines: readonly string[]; readonly commands: readonly JobCommand[] } {
  const lines = log.split(/\r\n|\r|\n/)
  return { lines, commands: lines.flatMap((line) => { const command = commandIn(line); return command === undefined ? [] : [command] }) }
}

function commandIn(line: string): JobCommand | undefined {
  const trimmed = line.trim()
  if (trimmed.startsWith('::')) {
    const end = trimmed.indexOf('::', 2)
    if (end < 0) return undefined
    const [, name = '', given = ''] = /^(\S*)\s*(.*)$/.exec(trimmed.slice(2, end)) ?? []
    const properties = Object.fromEntries(given.split(',').filter((part) => part.includes('=')).map((part) => [part.slice(0, part.indexOf('=')).trim(), unescaped(part.slice(part.indexOf('=') + 1), true)]))
    return { name, properties, text: unescaped(trimmed.slice(end + 2), false) }
  }
  // The form before `::`, which the runner still looks for anywhere in a line.
  const old = /##\[([^\]\s]+)([^\]]*)\](.*)/.exec(line)
  return old === null ? undefined : { name: old[1] ?? '', properties: {}, text: old[3] ?? '' }
}

function unescaped(text: string, property: boolean): string {
  const data = property ? text.replaceAll('%3A', ':').replaceAll('%2C', ',') : text
  return data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

/** The outputs in a file that GITHUB_OUTPUT names. Throws on what the runner refuses. */
export function outputsIn(text: string): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {}
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line === '') continue
    const heredoc = /^([^=<]+)<<(.+)$/.exec(line)
    if (heredoc === null) {
      if (!line.includes('=')) throw new Error(`The runner refuses the line ${JSON.stringify(line)}.`)
      outputs[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1)
      continue
    }
    const end = lines.indexOf(heredoc[2] ?? '', at + 1)
    if (end < 0) throw new Error(`The runner finds no delimiter ${heredoc[2] ?? ''}.`)
    outputs[heredoc[1] ?? ''] = lines.slice(at + 1, end).join('\n')
    at = end
  }
  return outputs
}
