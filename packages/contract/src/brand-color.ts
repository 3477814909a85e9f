/** A colour that a person chose, `#` and six hexadecimal digits. */
export const COLOR_PATTERN = /^#[\da-f]{6}$/;

/** What a page draws with in one colour: links and buttons, a button under the pointer, text on a button, and a faint background. */
export type AccentShades = { accent: string; accentHover: string; onAccent: string; accentWash: string };

/** A brand's colour for light and dark pages, each readable on it. `isKept`: it is the chosen colour itself. */
export type BrandShades = {
  light: AccentShades & { isKept: boolean };
  dark: AccentShades & { isKept: boolean };
};

/** The backgrounds on which the dashboard writes in its accent: page, panel, sunken, hover. A test compares them with its tokens. */
export const BACKGROUNDS = {
  light: ["#f7f8fa", "#ffffff", "#f1f3f6", "#eef1f5"],
  dark: ["#0e1116", "#151920", "#0f1319", "#1c222b"],
} as const;

/** The least contrast of text. WCAG 2.2 §1.4.3 */
export const MIN_CONTRAST = 4.5;

type Theme = keyof typeof BACKGROUNDS;
type Rgb = readonly [number, number, number];

const THEMES = {
  light: { step: -0.01, hover: -0.07, washed: 0.1, on: "#ffffff", panel: "#ffffff" },
  dark: { step: 0.01, hover: 0.06, washed: 0.16, on: "#0b1220", panel: "#151920" },
} as const;

/**
 * The shades of a brand's colour. Hue and, where the screen can show it, saturation stay; lightness moves as little as it takes until text in
 * that colour, and text on it, has a contrast of 4.5:1 on every background of the dashboard and on its own faint one.
 *
 * WCAG 2.2 §1.4.3
 */
export function shadesOf(color: string): BrandShades {
  return { light: shadesOn("light", color), dark: shadesOn("dark", color) };
}

/** The contrast of two colours, 1 to 21. WCAG 2.2 §5.7 (contrast ratio) */
export function contrastOf(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function shadesOn(theme: Theme, color: string): AccentShades & { isKept: boolean } {
  const { step, hover, washed, on, panel } = THEMES[theme];
  const [lightness, chroma, hue] = toOklch(parse(color));
  for (let moved = 0; moved <= 100; moved += 1) {
    const own = lightness + moved * step;
    const accent = moved === 0 ? color : fromOklch(own, chroma, hue);
    const accentWash = mix(accent, panel, washed);
    const accentHover = fromOklch(own + hover, chroma, hue);
    const pairs = [
      ...[...BACKGROUNDS[theme], accentWash].map((background) => [accent, background] as const),
      [on, accent] as const,
      [on, accentHover] as const,
    ];
    if (pairs.every(([text, background]) => contrastOf(text, background) >= MIN_CONTRAST))
      return { accent, accentHover, onAccent: on, accentWash, isKept: moved === 0 };
  }
  throw new Error(`No shade of ${color} can be read on ${theme} pages`);
}

function parse(color: string): Rgb {
  const number = Number.parseInt(color.slice(1), 16);
  return [(number >> 16) / 255, ((number >> 8) & 255) / 255, (number & 255) / 255];
}

function format(rgb: Rgb): string {
  const byte = (part: number) => Math.round(Math.min(Math.max(part, 0), 1) * 255);
  return `#${rgb.map((part) => byte(part).toString(16).padStart(2, "0")).join("")}`;
}

function mix(color: string, background: string, share: number): string {
  const [over, under] = [parse(color), parse(background)];
  const part = (index: 0 | 1 | 2) => over[index] * share + under[index] * (1 - share);
  return format([part(0), part(1), part(2)]);
}

const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const gamma = (part: number) => (part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055);

function luminanceOf(color: string): number {
  const [red, green, blue] = parse(color);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

// Björn Ottosson's OKLab: equal steps of lightness look equal, whatever the hue.
function toOklch(rgb: Rgb): [lightness: number, chroma: number, hue: number] {
  const [r, g, b] = [linear(rgb[0]), linear(rgb[1]), linear(rgb[2])];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const c = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, Math.hypot(a, c), Math.atan2(c, a)];
}

/** The nearest colour of this lightness and hue that a screen can show: with less chroma where it must be. */
function fromOklch(lightness: number, chroma: number, hue: number): string {
  const own = Math.min(Math.max(lightness, 0), 1);
  for (let left = 20; left > 0; left -= 1) {
    const rgb = fromOklab(own, (chroma * left * Math.cos(hue)) / 20, (chroma * left * Math.sin(hue)) / 20);
    if (rgb.every((part) => part > -0.001 && part < 1.001)) return format(rgb);
  }
  return format(fromOklab(own, 0, 0));
}

function fromOklab(lightness: number, a: number, b: number): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}
