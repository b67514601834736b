// Licences as SBOMs write them.

/** One licence, by the list of SPDX (https://spdx.org/licenses/), as an expression of such, or in its maker's words. */
export type Licence = { readonly id: string } | { readonly expression: string } | { readonly name: string }

type Parse = (expression: string) => { readonly license?: string; readonly plus?: true; readonly exception?: string }

/** A function that tells what a maker's words are. */
export async function licenceReader(): Promise<(words: string) => Licence> {
  const { isSupportedSpdxId } = await import('@cyclonedx/cyclonedx-library/SPDX')
  // @ts-expect-error -- this package ships without types
  const { default: parse } = await import('spdx-expression-parse') as { default: Parse }
  return (words) => {
    const text = words.trim()
    if (isSupportedSpdxId(text)) return { id: text }
    try {
      parse(text)
      return { expression: text }
    } catch {
      return { name: text }
    }
  }
}
