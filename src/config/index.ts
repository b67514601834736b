// What the rest of the program may use of the config.
export type { Config, ConfigTarget, OnFailure, Path, VersionPlace } from './config.ts'
export { configJsonSchema } from './json-schema.ts'
export { missingConfig, SMALLEST_CONFIG } from './missing.ts'
export { parseConfig } from './parse.ts'
export type { ConfigText } from './parse.ts'
