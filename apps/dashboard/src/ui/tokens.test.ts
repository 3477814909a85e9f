import { readFileSync } from "node:fs";
import { BACKGROUNDS } from "@waxseal/contract/brand-color";
import { expect, test } from "vitest";

const css = readFileSync(new URL("tokens.css", import.meta.url), "utf8");

test.each(["light", "dark"] as const)(
  "a brand's colour is checked against the backgrounds of %s pages",
  (theme) => {
    const [, block = ""] = new RegExp(`color-scheme: ${theme};([^}]*)`).exec(css) ?? [];
    const colors = ["page", "panel", "sunken", "hover"].map(
      (name) => new RegExp(`--${name}: (#[\\da-f]{6});`).exec(block)?.[1],
    );
    expect(colors).toEqual(BACKGROUNDS[theme]);
  },
);
