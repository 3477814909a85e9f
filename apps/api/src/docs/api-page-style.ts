/** The style sheet of the API page, light and dark. */
export const API_PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d9dee5; --paper: #fff; --tint: #f4f6f9; --accent: #1f5fbf; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e9f0; --soft: #9aa6b5; --line: #323c49; --paper: #12171e; --tint: #1b222c; --accent: #7fb0ff; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
a { color: var(--accent); }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
h3 { margin: 0 0 .5rem; font-size: 1rem; overflow-wrap: anywhere; }
article { margin: 1rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: .5rem; overflow-x: auto; }
code { font: .9em ui-monospace, monospace; background: var(--tint); padding: .1em .3em; border-radius: .25rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid var(--line); }
small, .public { color: var(--soft); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; }
td ul, p ul { margin: 0; padding-left: 1.2rem; }
.method { display: inline-block; min-width: 4rem; font: 700 .8rem ui-monospace, monospace; color: var(--accent); }
`;
