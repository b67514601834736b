// Paths as a config may write them: inside the repository, relative, with `/`.

/** The path in its shortest form, or what is wrong with it, as the end of a sentence. */
export function repositoryPath(written: string): { readonly path: string } | { readonly wrong: string; readonly hint: string } {
  if (written.trim() === '') return { wrong: 'is empty', hint: 'Write the path of a file in the repository, e.g. setup.py.' }
  if (/[\x00-\x1f\x7f]/.test(written)) return { wrong: 'has a control character in it', hint: 'Write the path on one line, as plain text.' }
  if (written.includes('\\')) return { wrong: 'has a backslash in it', hint: 'Write folders with "/" between them, on every system.' }
  if (written.startsWith('/') || /^[A-Za-z]:/.test(written) || written.startsWith('~')) return { wrong: 'is not relative to the repository', hint: 'Write the path from the root of the repository, e.g. src/__init__.py.' }
  const parts: string[] = []
  for (const part of written.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return { wrong: 'leads out of the repository', hint: 'Name a file inside the repository: only its own files are part of a release.' }
  }
  if (parts[0]?.toLowerCase() === '.git') return { wrong: "leads into git's own folder", hint: 'Name a file that is tracked by git.' }
  if (parts.length === 0 || written.endsWith('/')) return { wrong: 'names a folder', hint: 'Name one file; give each file its own item.' }
  return { path: parts.join('/') }
}
