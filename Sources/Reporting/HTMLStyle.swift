// The report's style sheet: light and dark by the reader's preference, and on paper.

import Wording

let htmlStyle = """

  :root { --ink: #1c1e21; --paper: #ffffff; --faint: #5d6470; --line: #d8dce2; --shade: #f4f6f8; --link: #1f5fa8;
    --holds: #1a7f43; --fails: #b3261e; --inconclusive: #8a6100; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e6e8eb; --paper: #16181c; --faint: #a0a7b4; --line: #343941; --shade: #1f2329; --link: #7db4f0;
      --holds: #5cc98a; --fails: #f28b82; --inconclusive: #e2b857; }
  }
  html { color-scheme: light dark; }
  body { font: 16px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: var(--ink); background: var(--paper);
    max-width: 64rem; margin: 0 auto; padding: 1.5rem; }
  h1 { font-size: 1.7rem; line-height: 1.25; } h2 { font-size: 1.3rem; margin-top: 0; }
  a { color: var(--link); }
  section { border-top: 1px solid var(--line); padding-top: 1.5rem; margin-top: 2rem; }
  .statement { font-size: 1.1rem; font-style: italic; }
  .note, caption { color: var(--faint); font-size: 0.9rem; }
  .tally { font-weight: 600; }
  .holds { color: var(--holds); } .fails { color: var(--fails); } .inconclusive { color: var(--inconclusive); }
  .badge { font-size: 0.8rem; font-weight: 600; border: 1px solid currentColor; border-radius: 0.6rem; padding: 0.05rem 0.55rem;
    white-space: nowrap; vertical-align: middle; }
  .scroll { overflow-x: auto; margin: 1rem 0; }
  table { border-collapse: collapse; font-size: 0.85rem; width: 100%; font-variant-numeric: tabular-nums; }
  caption { text-align: left; padding-bottom: 0.4rem; }
  th, td { text-align: left; padding: 0.3rem 0.7rem 0.3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
  th { font-weight: 600; }
  .number { white-space: nowrap; }
  figure { margin: 1rem 0; border-radius: 0.4rem; }
  figure img { width: 100%; height: auto; display: block; }
  @media screen and (prefers-color-scheme: dark) { figure img { filter: invert(0.91) hue-rotate(180deg); } }
  @media (max-width: 40rem) { body { padding: 0.8rem; } th, td { padding-right: 0.45rem; } }
  pre { background: var(--shade); padding: 1rem; overflow-x: auto; font-size: 0.8rem; border-radius: 0.4rem; }
  @media print {
    :root { --ink: #000; --paper: #fff; --faint: #444; --line: #bbb; --link: #000; }
    body { max-width: none; padding: 0; font-size: 10pt; }
    section { break-inside: auto; } figure, table { break-inside: avoid; } h2 { break-after: avoid; }
    .scroll { overflow: visible; } pre { white-space: pre-wrap; }
  }

  """
