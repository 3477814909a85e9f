/** The style of the monthly report as a page of its own, on the screen and on paper. Its fonts are those of the reader's machine. */
export const MONTHLY_STYLE = `
@page { size: A4; margin: 16mm }
* { box-sizing: border-box }
body { margin: 0; background: #fff; color: #171b22; font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; print-color-adjust: exact; -webkit-print-color-adjust: exact }
main { max-width: 820px; margin: 0 auto; padding: 24px 16px }
h1 { margin: 0; font-size: 28px; line-height: 1.2 }
h2 { margin: 28px 0 8px; font-size: 17px; break-after: avoid }
p { margin: 0 0 6px }
.lead { font-size: 18px }
.soft { color: #4a5361; font-size: 13px }
.logo { display: block; max-width: 240px; max-height: 56px; margin-bottom: 16px }
.figures { display: flex; flex-wrap: wrap; gap: 12px; margin: 20px 0 0 }
.figures > div { flex: 1 1 150px; padding: 12px; border: 1px solid #dde1e7; border-radius: 8px; break-inside: avoid }
dd { margin: 0 }
.figure { font-size: 24px; font-weight: 600 }
.chart { display: flex; align-items: flex-end; gap: 2px; height: 130px; border-top: 1px dashed #c3c9d2; border-bottom: 1px solid #626c7b; break-inside: avoid }
.day { display: flex; flex: 1 1 0; flex-direction: column; justify-content: flex-end; height: 100% }
.good { background: #7fb99a }
.bad { flex: none; min-height: 3px; background: repeating-linear-gradient(45deg, #b3352c 0 2px, #7c1f18 2px 4px) }
.gap { background: repeating-linear-gradient(45deg, #fff 0 4px, #c3c9d2 4px 6px) }
.key { display: inline-block; width: 10px; height: 10px; margin-left: 10px }
.ends { display: flex; justify-content: space-between }
table { width: 100%; border-collapse: collapse; font-size: 13px }
th, td { padding: 6px 10px 6px 0; border-bottom: 1px solid #dde1e7; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { color: #4a5361; font-weight: 500 }
tr, li { break-inside: avoid }
thead { display: table-header-group }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
ul { margin: 0; padding-left: 20px }
.plain { padding: 0; list-style: none }
.plain > li { padding: 8px 0; border-bottom: 1px solid #dde1e7 }
`;
