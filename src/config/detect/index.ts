// What the rest of the program may use of detection.
export { FIRST_CHANGELOG } from './changelog.ts'
export { detect } from './detect.ts'
export { textOf } from './facts.ts'
export type { Detected, Guess, ProjectFacts, Question } from './facts.ts'
export { importedPaths, readImports } from './imports.ts'
export { isWorthReading } from './reading.ts'
export { configText, isWritten } from './written.ts'
