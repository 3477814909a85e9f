import { expect, test } from "vitest";
import { BACKGROUNDS, COLOR_PATTERN, contrastOf, MIN_CONTRAST, shadesOf } from "./brand-color.ts";

const everyColor = () => {
  const parts = ["00", "40", "80", "c0", "ff"];
  return parts.flatMap((red) => parts.flatMap((green) => parts.map((blue) => `#${red}${green}${blue}`)));
};

test("WCAG 2.2 §1.4.3: whatever colour is chosen, every text in it and on it has a contrast of 4.5 on light and on dark pages", () => {
  for (const color of everyColor()) {
    const shades = shadesOf(color);
    for (const theme of ["light", "dark"] as const) {
      const { accent, accentHover, onAccent, accentWash } = shades[theme];
      const pairs = [
        ...[...BACKGROUNDS[theme], accentWash].map((background) => [accent, background]),
        [onAccent, accent],
        [onAccent, accentHover],
      ];
      const worst = Math.min(...pairs.map(([one = "", other = ""]) => contrastOf(one, other)));
      expect([color, theme, worst >= MIN_CONTRAST]).toEqual([color, theme, true]);
      for (const shade of [accent, accentHover, onAccent, accentWash]) expect(shade).toMatch(COLOR_PATTERN);
    }
  }
});

test.each([
  ["#1f5fbf", "light"],
  ["#6aa5f8", "dark"],
] as const)("%s can be read on %s pages as it is, so it stays", (color, theme) => {
  expect(shadesOf(color)[theme]).toMatchObject({ accent: color, isKept: true });
});

test.each([
  ["#ffd400", "a yellow is darker on light pages", "light"],
  ["#102a43", "a navy is lighter on dark pages", "dark"],
] as const)("%s: %s, and keeps its hue", (color, _, theme) => {
  const { accent, isKept } = shadesOf(color)[theme];
  expect(isKept).toBe(false);
  const order = (hex: string) =>
    [hex.slice(1, 3), hex.slice(3, 5), hex.slice(5)]
      .map((part, index) => ({ part: Number.parseInt(part, 16), index }))
      .sort((a, b) => a.part - b.part)
      .map(({ index }) => index);
  expect(order(accent)).toEqual(order(color));
});

test.each([
  ["#000000", "#ffffff", 21],
  ["#777777", "#ffffff", 4.48],
  ["#ffffff", "#ffffff", 1],
])("WCAG 2.2 §5.7: the contrast of %s and %s is %d", (one, other, contrast) => {
  expect(contrastOf(one, other)).toBeCloseTo(contrast, 2);
});
