// What a push may not do: rewrite or delete the main branch, touch the tag of an immutable release, or use its name again.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The rules of one repository. Refs are whole names, `refs/tags/v1.0.0`. */
export interface Rules {
  /** Branches that neither move backwards nor go away. */
  readonly guarded: readonly string[]
  /** Tags that neither move nor go away. */
  readonly locked: readonly string[]
  /** Tags that cannot be made again once they are gone. */
  readonly burnt: readonly string[]
  /** Patterns of refs that nobody makes; `*` stands for anything. */
  readonly closed: readonly string[]
  /** Patterns of refs that nobody deletes. */
  readonly kept: readonly string[]
}

/** Why a rule refuses to change a ref, in GitHub's words; undefined when it is allowed. `forward` tells whether it would be a fast-forward. */
export function violation(rules: Rules, change: { readonly ref: string; readonly is: 'create' | 'update' | 'delete'; readonly forward: boolean }): string | undefined {
  const { ref, is } = change
  if (is === 'delete' && among(rules.kept, ref)) return 'Cannot delete this ref'
  if (is === 'create') return rules.burnt.includes(ref) || among(rules.closed, ref) ? 'Cannot create ref due to creations being restricted.' : undefined
  if (rules.locked.includes(ref)) return is === 'delete' ? 'Cannot delete this tag' : 'Cannot update this protected ref.'
  if (!rules.guarded.includes(ref)) return undefined
  if (is === 'delete') return 'Cannot delete this branch'
  return change.forward ? undefined : 'Cannot force-push to this branch'
}

function among(patterns: readonly string[], ref: string): boolean {
  return patterns.some((pattern) => fitsPattern(pattern, ref, '.*'))
}

/** True when a pattern covers a ref whole; `star` is the regular expression that its `*` stands for. */
export function fitsPattern(pattern: string, ref: string, star: string): boolean {
  return new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join(star)}$`).test(ref)
}

// The same rules for a push, which git runs once for every ref. `$1` is the ref, `$2` the old and `$3` the new object.
const HOOK = `#!/bin/sh
listed() { test -f "$GIT_DIR/rules/$1" && grep -Fqx -e "$ref" "$GIT_DIR/rules/$1"; }
fits() {
  test -f "$GIT_DIR/rules/$1" || return 1
  while IFS= read -r pattern; do
    case "$ref" in $pattern) return 0 ;; esac
  done < "$GIT_DIR/rules/$1"
  return 1
}
refuse() {
  echo "error: GH013: Repository rule violations found for $ref." >&2
  echo >&2
  echo "- $1" >&2
  echo >&2
  exit 1
}
ref=$1
case $2 in *[!0]*) ;; *)
  if listed burnt || fits closed; then refuse 'Cannot create ref due to creations being restricted.'; fi
  exit 0 ;;
esac
case $3 in *[!0]*) gone= ;; *) gone=yes ;; esac
if test "$gone" && fits kept; then refuse 'Cannot delete this ref'; fi
if listed locked; then
  if test "$gone"; then refuse 'Cannot delete this tag'; fi
  refuse 'Cannot update this protected ref.'
fi
if listed guarded; then
  if test "$gone"; then refuse 'Cannot delete this branch'; fi
  git merge-base --is-ancestor "$2" "$3" || refuse 'Cannot force-push to this branch'
fi
exit 0
`

/** Makes a bare repository obey its rules in every push. Rules that it has already stay. */
export function installRules(bare: string): void {
  mkdirSync(join(bare, 'hooks'), { recursive: true })
  writeFileSync(join(bare, 'hooks', 'update'), HOOK, { mode: 0o755 })
  const rules = readRules(bare)
  if (rules.guarded.length === 0) writeRules(bare, { ...rules, guarded: ['refs/heads/main'] })
}

/** The rules of a bare repository, none when it has none. */
export function readRules(bare: string): Rules {
  return { guarded: readList(bare, 'guarded'), locked: readList(bare, 'locked'), burnt: readList(bare, 'burnt'), closed: readList(bare, 'closed'), kept: readList(bare, 'kept') }
}

/** Replaces the rules of a bare repository. */
export function writeRules(bare: string, rules: Rules): void {
  mkdirSync(join(bare, 'rules'), { recursive: true })
  for (const name of ['guarded', 'locked', 'burnt', 'closed', 'kept'] as const) {
    writeFileSync(join(bare, 'rules', name), rules[name].map((ref) => `${ref}\n`).join(''))
  }
}

function readList(bare: string, name: keyof Rules): readonly string[] {
  try {
    return readFileSync(join(bare, 'rules', name), 'utf8').split('\n').filter((line) => line !== '')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
