import { useEffect } from "react";

type Shades = { accent: string; accentHover: string; onAccent: string; accentWash: string };

/** Shades of a brand's colour, as the API sends them: `#rrggbb` each. */
export type BrandColors = { light: Shades; dark: Shades };

/** Draws the whole page in a brand's colours while it is shown; without them in ours. A sheet made by script needs no inline style. */
export function useBrandColors(colors: BrandColors | null | undefined): void {
  const text = colors ? formatSheet(colors) : "";
  // The document's style sheets are outside React's tree.
  useEffect(() => {
    if (text === "") return;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets.push(sheet);
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    };
  }, [text]);
}

/** Stronger than `:root[data-mantine-color-scheme]` of the tokens. Paper is white, whatever the screen is. */
function formatSheet({ light, dark }: BrandColors): string {
  return `:root:root:root{${formatTokens(light)}}@media screen{:root:root:root[data-mantine-color-scheme="dark"]{${formatTokens(dark)}}}`;
}

function formatTokens({ accent, accentHover, onAccent, accentWash }: Shades): string {
  return `--accent:${accent};--accent-hover:${accentHover};--on-accent:${onAccent};--accent-wash:${accentWash}`;
}
