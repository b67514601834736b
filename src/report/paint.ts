// Colours of a terminal, or none.

/** Puts text into colours; the functions of a colourless paint give the text back as it is. */
export interface Paint {
  /** True when colours are put out. */
  readonly on: boolean
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  blue(text: string): string
  cyan(text: string): string
}

const same = (text: string): string => text

/** No colours: for files, pipes and whoever asked for none. */
export const COLOURLESS: Paint = { on: false, bold: same, dim: same, red: same, green: same, yellow: same, blue: same, cyan: same }

/** The eight colours that every terminal has, by SGR sequences that end what they began. */
export const COLOURED: Paint = {
  on: true,
  bold: between(1, 22),
  dim: between(2, 22),
  red: between(31, 39),
  green: between(32, 39),
  yellow: between(33, 39),
  blue: between(34, 39),
  cyan: between(36, 39),
}

function between(begin: number, end: number): (text: string) => string {
  // A colour ends before a line does, so that what erases lines never carries it along.
  return (text) => text.split('\n').map((line) => line === '' ? '' : `\x1b[${begin}m${line}\x1b[${end}m`).join('\n')
}

/** Shows `commands in backticks` in a colour of their own; without colours the backticks stay. */
export function commands(paint: Paint, text: string): string {
  return paint.on ? text.replace(/`([^`\n]+)`/g, (_, command: string) => paint.cyan(command)) : text
}
