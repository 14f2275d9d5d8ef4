/** Colors for light and dark mode. Text has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3). */
const COLORS = `
:root {
  color-scheme: light dark;
  --paper: #f5f6f8; --card: #ffffff; --ink: #17202b; --muted: #55616f; --line: #d8dee6; --accent: #1f5a86;
  --good: #17643f; --good-soft: #e5f3ec; --warning: #7f4c00; --warning-soft: #fcf1dd;
  --bad: #a3211f; --bad-soft: #fcebe9; --quiet: #55616f; --quiet-soft: #eef1f4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #11161c; --card: #1a212a; --ink: #e7ebf0; --muted: #a3b0bd; --line: #313c48; --accent: #93c4ee;
    --good: #86d6ad; --good-soft: #16302a; --warning: #f2c57c; --warning-soft: #382b13;
    --bad: #ffa79e; --bad-soft: #401f1f; --quiet: #a3b0bd; --quiet-soft: #242d37;
  }
}
.good { --tone: var(--good); --soft: var(--good-soft); }
.warning { --tone: var(--warning); --soft: var(--warning-soft); }
.bad { --tone: var(--bad); --soft: var(--bad-soft); }
.quiet { --tone: var(--quiet); --soft: var(--quiet-soft); }
.plain { --tone: var(--ink); }`;

const TEXT = `
*, ::before, ::after { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0 auto; padding: 2.5rem clamp(1rem, 4vw, 3.5rem) 4rem; max-width: 88rem;
  background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 400 1rem/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1, h2, h3, h4, p, ul, dl, dd, table { margin: 0; padding: 0; }
ul { list-style: none; }
h1 { font-size: clamp(1.65rem, 1.1rem + 2.2vw, 2.6rem); line-height: 1.15; letter-spacing: -.022em; font-weight: 650; text-wrap: balance; }
h2 { font-size: 1.35rem; line-height: 1.25; letter-spacing: -.012em; font-weight: 640; }
h3 { font-size: 1.05rem; line-height: 1.35; font-weight: 640; }
h4 { font-size: .95rem; line-height: 1.35; font-weight: 600; }
a { color: var(--accent); text-underline-offset: .2em; }
code, .id, .values, .address .name { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; font-size: .86em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--card); z-index: 1; }
.aside, .intro, .when, .over, footer { color: var(--muted); }
.aside { font-size: .88rem; font-weight: 400; }
.intro { max-width: 90ch; }
.kind { color: var(--muted); font-weight: 400; font-size: .78rem; letter-spacing: .01em; }
.number { font-variant-numeric: tabular-nums; }
.tag {
  display: inline-block; max-width: 100%; padding: .08rem .5rem; border-radius: .7rem; border: 1px solid transparent; background: var(--soft); color: var(--tone);
  font: 560 .78rem/1.5 ui-sans-serif, system-ui, sans-serif;
}
footer { margin-top: 4rem; padding-top: 1.25rem; border-top: 1px solid var(--line); font-size: .85rem; }`;

const FRAME = `
.head { padding-left: 1.5rem; border-left: 5px solid var(--tone); }
.over { font-size: .9rem; font-weight: 560; margin-bottom: .5rem; }
.when { margin-top: .6rem; font-size: .92rem; font-variant-numeric: tabular-nums; }
.totals { display: flex; flex-wrap: wrap; gap: 1.25rem 2.75rem; margin-top: 1.75rem; }
.total { display: flex; flex-direction: column-reverse; min-width: 4.5rem; }
.total dt { color: var(--muted); font-size: .85rem; }
.total dd { font-size: 1.9rem; line-height: 1.15; font-weight: 620; letter-spacing: -.02em; font-variant-numeric: tabular-nums; color: var(--tone); }
nav { margin-top: 2.25rem; padding: .7rem 0; border-block: 1px solid var(--line); font-size: .92rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
section { margin-top: 3rem; scroll-margin-top: 1rem; }
h2 + *, .intro + * { margin-top: 1rem; }
h2 + .intro { margin-top: .3rem; }
.card, .box, .orgs { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.card { padding: 1rem 1.25rem; }
.card + .card, .box + .box { margin-top: .85rem; }
.box { padding: 1rem 1.25rem; border-left: 5px solid var(--tone); }
.box p { margin-top: .35rem; max-width: 100ch; }
.box code { font-weight: 400; color: var(--muted); }
summary { cursor: pointer; display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem .75rem; }
summary::before { content: "▸" / ""; color: var(--muted); width: .8em; }
[open] > summary::before { content: "▾" / ""; }
summary::-webkit-details-marker { display: none; }
details[open] > summary + * { margin-top: 1rem; }`;

const TABLES = `
.scroll { overflow-x: auto; position: relative; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
th, td { padding: .5rem .85rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
th { font-weight: 600; }
thead th, thead td { border-top: 0; }
thead th { color: var(--muted); font-size: .82rem; font-weight: 560; vertical-align: bottom; }
.orgs { border-collapse: separate; border-spacing: 0; min-width: 44rem; overflow-wrap: break-word; }
.orgs th .id { display: block; font-weight: 400; color: var(--muted); }
.matrix { table-layout: fixed; min-width: 40rem; }
.matrix thead th { font-size: .95rem; font-weight: 640; color: var(--ink); }
.matrix thead th .kind { display: block; }
.matrix tbody th { font-weight: 400; color: var(--muted); }
.matrix tbody .whole { font-weight: 600; color: var(--ink); }
.matrix .whole .kind { display: block; }
.matrix tbody + tbody tr:first-child > * { border-top: 2px solid var(--line); }
td.quiet { color: var(--muted); }
.drift { background: var(--bad-soft); }
.drift strong { display: block; color: var(--bad); font-weight: 600; }
.desired { display: block; font-size: .85em; }
.add { color: var(--accent); }
.changes li { padding: .75rem 0; border-top: 1px solid var(--line); }
.changes .disruptive { margin-inline: -1.25rem; padding-inline: calc(1.25rem - 5px) 1.25rem; border-left: 5px solid var(--bad); background: var(--bad-soft); }
.changes .disruptive .tag { background: var(--card); }
.changes li p { max-width: 90ch; }
.changes li p + p { margin-top: .3rem; }
.card h4 + .changes { margin-top: .5rem; }
.changes + h4 { margin-top: 1rem; }
.what { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem .6rem; }
del { text-decoration: none; color: var(--muted); }
ins { text-decoration: none; font-weight: 640; }
.arrow { color: var(--muted); padding: 0 .35rem; }`;

const TRUST = `
.chains { display: grid; gap: 1.75rem; --gap: 1.9rem; }
.chain { display: grid; grid-template-columns: 1.15fr 1fr 1.15fr 3.3fr; gap: var(--gap); }
.way { display: grid; grid-template-columns: .9fr 1.2fr 1.2fr; gap: var(--gap); }
.way + .way, .stage li + li, .beside li + li { margin-top: .6rem; }
.stage { position: relative; min-width: 0; }
.stage + .stage::before, .way > .stage:first-child::before {
  content: ""; position: absolute; top: 1.5rem; left: calc(-1 * var(--gap) + .35rem); width: calc(var(--gap) - .7rem); border-top: 2px solid var(--muted); opacity: .65;
}
.stage + .stage::after, .way > .stage:first-child::after {
  content: ""; position: absolute; top: calc(1.5rem - 3px); left: calc(-.35rem - 8px); width: 8px; height: 8px; opacity: .85;
  border: solid var(--muted); border-width: 2px 2px 0 0; transform: rotate(45deg);
}
.wide::before, .wide::after { display: none; }
.way { position: relative; }
.way:not(:last-child)::after {
  content: ""; position: absolute; left: calc(-1 * var(--gap) + .35rem); top: 1.5rem; bottom: calc(-1 * (.6rem + 1.5rem + 2px)); border-left: 2px solid var(--muted); opacity: .65;
}
.node { padding: .5rem .75rem .6rem; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); }
.node .kind, .node .name { display: block; }
.node .name { font-weight: 600; line-height: 1.35; margin-bottom: .2rem; }
.beside { margin-top: 1.25rem; }
.beside > ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .6rem; margin-top: .5rem; }
.beside li + li { margin-top: 0; }
.beside li li { margin-top: .35rem; padding-left: 1rem; }
@media screen and (max-width: 60rem) {
  .chains { --gap: 1.5rem; }
  .chain, .way { grid-template-columns: minmax(0, 1fr); }
  .way + .way { margin-top: 1.5rem; padding-top: 1.5rem; border-top: 1px dashed var(--line); }
  .way:not(:last-child)::after { display: none; }
  .stage + .stage::before, .way > .stage:first-child::before { top: calc(-1 * var(--gap) + .2rem); left: 1.4rem; width: 0; height: calc(var(--gap) - .4rem); border-top: 0; border-left: 2px solid var(--muted); }
  .stage + .stage::after, .way > .stage:first-child::after { top: calc(-.2rem - 9px); left: calc(1.4rem - 3px); transform: rotate(135deg); }
  .way + .way > .stage:first-child::before, .way + .way > .stage:first-child::after { display: none; }
}`;

const PAPER = `
@page { size: landscape; margin: 8mm; }
@media print {
  :root {
    --paper: #fff; --card: #fff; --ink: #000; --muted: #444; --line: #999; --accent: #000;
    --good: #0c4a2c; --good-soft: #fff; --warning: #5e3800; --warning-soft: #fff; --bad: #8a1414; --bad-soft: #fff; --quiet: #444; --quiet-soft: #fff;
  }
  html { font-size: 7pt; }
  body { padding: 0; max-width: none; line-height: 1.25; }
  nav, .skip { display: none; }
  .scroll { overflow: visible; }
  .orgs, .matrix { min-width: 0; overflow-wrap: anywhere; }
  .tag { border-color: currentColor; padding: 0 .35rem; line-height: 1.3; }
  .drift { outline: 1.5pt solid var(--bad); outline-offset: -1.5pt; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  details[open] > summary + * { margin-top: .3rem; }
  summary::before, [open] > summary::before { content: none; }
  h2, h3, h4, summary, thead { break-after: avoid; }
  tr, .node, .box, .changes li, .way { break-inside: avoid; }
  section { margin-top: .6rem; }
  footer { margin-top: 1rem; padding-top: .3rem; }
  h2 + *, .intro + * { margin-top: .3rem; }
  .totals { margin-top: .75rem; }
  .total dd { font-size: 1.3rem; }
  .card, .box { padding: .35rem .75rem; }
  .card + .card, .box + .box { margin-top: .4rem; }
  th, td { padding: .06rem .5rem; }
  .orgs th .id { display: inline; margin-left: .75rem; }
  #changes, #findings { columns: 2; column-gap: 1.5rem; }
  #checks { columns: 3; column-gap: 1.5rem; }
  #changes > h2, #findings > h2, #checks > h2, #changes > .intro { column-span: all; }
  .card h4 + .changes, .changes + h4 { margin-top: .2rem; }
  .changes li { padding: .15rem 0; }
  .changes .disruptive { margin-inline: -.75rem; padding-inline: calc(.75rem - 5px) .75rem; }
  .chains { gap: .5rem; --gap: 1.2rem; }
  .way + .way, .stage li + li, .beside li + li { margin-top: .2rem; }
  .node { padding: .1rem .5rem; }
  .node .kind, .node .name { display: inline; margin-right: .4rem; }
  .matrix .whole .kind, .matrix thead th .kind { display: inline; }
  .matrix tbody + tbody tr:first-child > * { border-top-width: 1px; }
  .stage + .stage::before, .way > .stage:first-child::before { top: .75rem; }
  .stage + .stage::after, .way > .stage:first-child::after { top: calc(.75rem - 3px); }
  .way:not(:last-child)::after { top: .75rem; bottom: calc(-1 * (.2rem + .75rem + 2px)); }
  .beside { margin-top: .3rem; display: flex; gap: 1rem; align-items: baseline; }
  .beside > ul { display: flex; flex-wrap: wrap; gap: .3rem; margin-top: 0; }
  .beside li:has(ul), .beside li ul { display: flex; gap: .3rem; align-items: start; }
  .beside li li + li { margin-top: .35rem; }
}`;

/** The style sheet of the page. */
export const STYLE = [COLORS, TEXT, FRAME, TABLES, TRUST, PAPER].join('\n');
