// Commands for a person's shell: to get the clean copy of a tree that checks and builds run on.

/** Shell commands that put the files of a tree into a folder and go there. */
export function copyByHand(tree: string): readonly string[] {
  const folder = `/tmp/tree-${tree.slice(0, 7)}`
  return [`mkdir -p ${folder}`, `git archive ${tree} | tar -x -C ${folder}`, `cd ${folder}`]
}

/** A text as one word of a shell command. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
