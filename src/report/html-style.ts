// The style of a page: light and dark, wide and narrow, on screen and paper.

/** The style sheet. Every pair of colours has a contrast of at least 4.5 to 1. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fbfbfa; --card: #ffffff; --ink: #1c1e21; --soft: #5b6068; --line: #dcdee2;
  --good: #17692f; --good-ground: #e3f4e7; --bad: #a51d1d; --bad-ground: #fce8e6; --back: #1d4f91; --back-ground: #e5eefa;
  --wait: #7a4b00; --wait-ground: #fdf0d5; --code: #f1f2f4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15171a; --card: #1d2024; --ink: #e8e9eb; --soft: #a5abb4; --line: #363b42;
    --good: #7fd698; --good-ground: #14301d; --bad: #ff9a92; --bad-ground: #3b1917; --back: #9cc4ff; --back-ground: #16283f;
    --wait: #f3c677; --wait-ground: #362809; --code: #272b30;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main, header, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
footer { padding: 1rem 1.25rem 3rem; color: var(--soft); font-size: .875rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 .75rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .4rem; }
p { margin: .25rem 0 .75rem; }
ul, ol { margin: .25rem 0 .75rem; padding-left: 1.3rem; }
li { margin: .2rem 0; overflow-wrap: anywhere; }
a { color: var(--back); overflow-wrap: anywhere; }
.soft { color: var(--soft); }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1.1rem 1.25rem; margin: 1.25rem 0; }
.verdicts { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); align-items: start; gap: 1rem; margin: 1.25rem 0; padding: 0; list-style: none; }
.verdicts li { border: 1px solid; border-radius: .5rem; padding: .8rem 1.1rem; margin: 0; }
.verdicts b { display: block; font-size: 1.2rem; line-height: 1.3; }
.good { color: var(--good); } li.good { background: var(--good-ground); }
.bad { color: var(--bad); } li.bad { background: var(--bad-ground); }
.back { color: var(--back); } li.back { background: var(--back-ground); }
.wait { color: var(--wait); } li.wait { background: var(--wait-ground); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
caption { text-align: left; font-weight: 600; padding: .9rem 0 .4rem; }
h2 + .scroll caption { padding-top: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { color: var(--soft); font-weight: 500; font-size: .8125rem; border-top: 0; }
tbody th { font-weight: 400; }
.number { text-align: right; font-variant-numeric: tabular-nums; padding-right: 0; }
td.time { white-space: nowrap; width: 1%; font-variant-numeric: tabular-nums; color: var(--soft); }
.short { white-space: nowrap; overflow-wrap: normal; }
tr.line td { font-weight: 600; text-align: center; padding: .45rem; border: 1px solid currentColor; }
tr.run th { font-weight: 600; padding-top: 1rem; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
code { background: var(--code); border-radius: .25rem; padding: .1em .3em; overflow-wrap: anywhere; }
pre { background: var(--code); border-radius: .375rem; padding: .75rem 1rem; margin: .5rem 0; overflow-x: auto; line-height: 1.45; font-size: .8125rem; }
pre span { display: block; width: max-content; min-width: 100%; min-height: 1.45em; }
pre .plus { background: var(--good-ground); color: var(--good); }
pre .minus { background: var(--bad-ground); color: var(--bad); }
pre .head { font-weight: 600; }
pre .hunk { color: var(--back); }
summary { cursor: pointer; font-weight: 600; }
.digest { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .8125rem; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  main, header, footer { padding-left: .75rem; padding-right: .75rem; }
  section { padding: .9rem .9rem; }
  h1 { font-size: 1.45rem; }
  th, td { padding-right: .5rem; }
  td.time { white-space: normal; width: 5.2rem; min-width: 5.2rem; overflow-wrap: normal; font-size: .8125rem; }
}
@media print {
  section { break-inside: avoid-page; border: 0; padding: 0; }
  pre { white-space: pre-wrap; }
}
`.trim()
