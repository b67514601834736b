// Commands to the runner of GitHub Actions: lines of a job's log that it reads, and how other lines are kept from being read so.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

/** The properties of a command, such as the file and line of an annotation. Undefined ones are left out. */
export type CommandProperties = Readonly<Record<string, string | number | undefined>>

/** One command as a line of the log, without a line break. */
export function workflowCommand(name: string, text = '', properties: CommandProperties = {}): string {
  const given = Object.entries(properties).flatMap(([key, value]) => value === undefined ? [] : [`${key}=${inProperty(String(value))}`])
  return `::${name}${given.length === 0 ? '' : ` ${given.join(',')}`}::${inData(text)}`
}

/**
 * A text in which the runner finds no command. It reads a line as one when it begins with `::`, white space before it aside, or
 * holds `##[` anywhere; a space between the characters keeps the words legible.
 */
export function withoutCommands(text: string): string {
  return text.replace(/^((?:\s|\x1b\[[\d;]*m)*):(?=:)/gm, '$1: ').replaceAll('##[', '## [')
}

/** The same for JSON, whose strings may spell a character in another way and stay the same. */
export function withoutCommandsInJson(json: string): string {
  return json.replaceAll('##[', '#\\u0023[')
}

function inData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function inProperty(text: string): string {
  return inData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
