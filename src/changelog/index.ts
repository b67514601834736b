// Changelogs in the form of Keep a Changelog: reading, releasing, and notes made from commits. Pure: text in, text out.
export { notesOf, parseChangelog, sectionOf, unreleasedOf } from './document.ts'
export type { Changelog, ChangelogSection } from './document.ts'
export type { LinkReference } from './links.ts'
export { notesFromCommits } from './notes.ts'
export { isEmptySection, releaseChangelog } from './release.ts'
export type { ChangelogRelease, ReleasedChangelog } from './release.ts'
