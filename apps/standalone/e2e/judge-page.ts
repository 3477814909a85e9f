import axe from "axe-core";
import { expect } from "vitest";
import type { TestBrowser } from "./open-browser.ts";

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

/** Colours do not depend on the width, nor the width on colours: narrow without axe's rules of colours, dark with these alone. */
const LOOKS = [
  ["light", WIDE, "all"],
  ["light", NARROW, "layout"],
  ["dark", WIDE, "colours"],
] as const;

/** Photographs the page, and checks it with axe, and its width against the window's, at both widths and in both colour schemes. */
export async function judgePage(browser: TestBrowser, name: string): Promise<void> {
  const { page } = browser;
  await browser.photograph(name);
  // Evaluated by the debugger, which the pages' content security policy does not bind.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  for (const [colorScheme, size, rules] of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize(size);
    const answer = await page.evaluate(askAxe, { colorScheme, rules });
    const at = `${name}, ${colorScheme}, ${size.width}`;
    expect(answer, at).toEqual({ fading: [], violations: [], pageWidth: size.width });
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize(WIDE);
}

/** Runs in the page. */
async function askAxe({ colorScheme, rules }: { colorScheme: string; rules: (typeof LOOKS)[number][2] }) {
  const nextFrame = () => new Promise(requestAnimationFrame);
  while (document.documentElement.dataset.mantineColorScheme !== colorScheme) await nextFrame();
  // A fade between colours begins with the frame after the one that brings the new ones.
  for (let frame = 0; frame < 2; frame++) await nextFrame();
  const fading = document
    .getAnimations()
    .map((animation) => (animation instanceof CSSTransition ? animation.transitionProperty : "animation"))
    .filter((property) => !property.startsWith("border-"));
  const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeAnswer> } };
  const ofColours = ["color-contrast", "link-in-text-block"];
  const chosen = {
    all: {},
    layout: { rules: Object.fromEntries(ofColours.map((rule) => [rule, { enabled: false }])) },
    colours: { runOnly: { type: "rule", values: ofColours } },
  }[rules];
  const { violations } = await axe.run({ resultTypes: ["violations"], preload: false, ...chosen });
  return {
    fading,
    violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
    pageWidth: document.documentElement.scrollWidth,
  };
}

type AxeAnswer = { violations: { id: string; nodes: { html: string }[] }[] };
