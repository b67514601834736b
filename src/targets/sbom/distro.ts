// The name of the system that an image is made from.
import type { Distro } from './package.ts'

/** The files that name it; the first that is there counts (https://www.freedesktop.org/software/systemd/man/latest/os-release.html). */
export const DISTRO_FILES: readonly string[] = ['etc/os-release', 'usr/lib/os-release']

/** What an `os-release` file says, undefined when it names nothing. */
export function distroIn(text: string): Distro | undefined {
  const values = new Map([...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, key = '', value = '']) => [key, value.trim().replace(/^(["'])(.*)\1$/, '$2')] as const))
  const id = values.get('ID')?.toLowerCase() ?? ''
  return /^[a-z0-9._-]+$/.test(id) ? { id, version: values.get('VERSION_ID') ?? '' } : undefined
}

/** `debian-12`, the form that package URLs have for it. */
export function distroText({ id, version }: Distro): string {
  return version === '' ? id : `${id}-${version}`
}
