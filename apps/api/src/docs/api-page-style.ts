/** The style sheet of the API pages, light and dark. */
export const API_PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d9dee5; --paper: #fff; --tint: #f4f6f9; --accent: #1f5fbf; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e9f0; --soft: #9aa6b5; --line: #323c49; --paper: #12171e; --tint: #1b222c; --accent: #7fb0ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; justify-content: space-between; padding: .75rem 1rem; border-bottom: 1px solid var(--line); }
.name { font-weight: 700; color: var(--ink); text-decoration: none; }
form { display: flex; gap: .5rem; align-items: center; }
input, button { font: inherit; color: inherit; background: var(--tint); border: 1px solid var(--line); border-radius: .375rem; padding: .25rem .6rem; }
form { flex: 0 1 22rem; }
input { flex: 1 1 8rem; min-width: 0; }
button { cursor: pointer; }
.columns { max-width: 76rem; margin: 0 auto; display: grid; grid-template-columns: 14rem minmax(0, 1fr); gap: 0 2rem; }
nav { padding: 1.5rem 0 1rem 1rem; }
nav ul { list-style: none; margin: 0; padding: 0; position: sticky; top: 1rem; }
nav a { display: block; padding: .2rem .6rem; border-radius: .375rem; text-decoration: none; }
nav a[aria-current] { background: var(--tint); font-weight: 600; color: var(--ink); }
main { padding: 0 1rem 4rem 0; min-width: 0; }
@media (max-width: 48rem) {
  .columns { display: block; }
  nav { padding: .5rem 1rem; border-bottom: 1px solid var(--line); }
  nav ul { display: flex; flex-wrap: wrap; position: static; }
  main { padding: 0 1rem 3rem; }
}
a { color: var(--accent); }
h1 { margin: 1.25rem 0 .75rem; line-height: 1.2; }
h2 { margin: 2.25rem 0 .5rem; border-bottom: 1px solid var(--line); }
h3 { margin: 0 0 .5rem; font-size: 1rem; overflow-wrap: anywhere; }
article { margin: 1rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: .5rem; overflow-x: auto; }
code { font: .875em ui-monospace, monospace; background: var(--tint); padding: .1em .3em; border-radius: .25rem; overflow-wrap: anywhere; }
pre { background: var(--tint); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; overflow-x: auto; }
pre code { padding: 0; background: none; overflow-wrap: normal; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid var(--line); }
small, .public { color: var(--soft); }
td ul, p ul { margin: 0; padding-left: 1.2rem; }
.method { display: inline-block; min-width: 4rem; font: 700 .8rem ui-monospace, monospace; color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;
