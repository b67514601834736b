// Whether slipway.yaml takes a value that another tool's settings hold.
import type { Json } from '../../model/json.ts'
import { isLiteralSecret } from '../literal-secret.ts'
import type { Given } from './outcome.ts'

function isRef(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_./+@=,-]*$/.test(name) && !/\.\.|\/\/|@\{|\.lock(?:\/|$)|\/\.|[./]$/.test(name) && name !== '@' && name !== 'HEAD'
}

function isText(value: Json, test: (text: string) => boolean): boolean {
  return typeof value === 'string' && test(value)
}

const FITS: Readonly<Record<string, (value: Json) => boolean>> = {
  'name': (value) => isText(value, (text) => text.length > 0 && text.length <= 100 && text.trim() === text && !/[\x00-\x1f\x7f]/.test(text)),
  'git.branch': (value) => isText(value, isRef),
  'git.tag': (value) => isText(value, (text) => text.includes('{version}') && isRef(text.replaceAll('{version}', '1.0.0'))),
  'git.remote': (value) => isText(value, (text) => /^[A-Za-z0-9][\w.-]*$/.test(text)),
  'github.repository': (value) => isText(value, (text) => /^[A-Za-z0-9][A-Za-z0-9-]*\/[\w.-]+$/.test(text) && !/\/\.{1,2}$/.test(text)),
  'github.title': (value) => isText(value, (text) => text !== '' && !/[\r\n]/.test(text)),
  'image.dockerfile': (value) => isText(value, (text) => !/\s/.test(text)),
  'image.platforms': (value) => Array.isArray(value) && value.length > 0,
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap((inner) => textsIn(inner)) : []
}

/** True when slipway.yaml may hold it: it fits, and no token stands in it. */
export function fits({ setting, value }: Given): boolean {
  return (FITS[setting]?.(value) ?? true) && textsIn(value).every((text) => !isLiteralSecret(setting.split('.'), text))
}
