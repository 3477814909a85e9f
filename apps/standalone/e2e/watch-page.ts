import type { Page } from "playwright-core";

/** How a page came: milliseconds until it could be used, and frames in which the main region had nothing in it. */
export type PageTiming = { ms: number; blankFrames: number };

type WatchedWindow = { watchPage: (from: number, isNew: () => boolean) => Promise<PageTiming> };

/**
 * Loads an address as a reload does and returns how long it took from the request.
 *
 * A page can be used from the first frame in which it has a heading and nothing says "Loading", unless frames come late after it.
 */
export async function timeLoad(page: Page, url: string): Promise<PageTiming> {
  await page.goto(url, { waitUntil: "commit" });
  await page.evaluate(installWatch);
  return page.evaluate(() => (window as unknown as WatchedWindow).watchPage(0, () => true));
}

/**
 * Goes to a path as a link does, without loading the document, and waits until its page is whole.
 *
 * `mayStay`: the page may be the one that is open with other contents, so that nothing of it is replaced.
 */
export async function followPath(page: Page, path: string, { mayStay = false } = {}): Promise<void> {
  await page.evaluate((to) => {
    for (const old of document.querySelectorAll("[data-last]")) old.removeAttribute("data-last");
    const last = [...document.querySelectorAll("main section, main form, main table, main ul")].at(-1);
    last?.setAttribute("data-last", "");
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  await page.evaluate(waitUntilStill, mayStay);
}

/** Runs in the page: until it has its heading, nothing says “Loading”, and nothing in it has changed for some frames. */
function waitUntilStill(mayStay: boolean): Promise<void> {
  const STILL_FRAMES = 6;
  const FRAMES_OF_THE_SAME = 60;
  const until = performance.now() + 60_000;
  return new Promise((resolve, reject) => {
    let still = 0;
    const observer = new MutationObserver(() => {
      still = 0;
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    const look = () => {
      const isReady =
        document.querySelector("main h1") !== null &&
        (mayStay || document.querySelector("[data-last]") === null) &&
        ![...document.querySelectorAll("[role=status]")].some(({ textContent }) => textContent === "Loading");
      still = isReady ? still + 1 : 0;
      const isOld = document.querySelector("[data-last]") !== null;
      const isStill = still > (isOld ? FRAMES_OF_THE_SAME : STILL_FRAMES);
      if (!isStill && performance.now() < until) return requestAnimationFrame(look);
      observer.disconnect();
      if (isStill) resolve();
      else reject(new Error(`${location.href} is not ready: ${document.body.innerText.slice(0, 200)}`));
    };
    requestAnimationFrame(look);
  });
}

/** Goes to a path as a link does, without loading the document, and returns how long it took from the click. */
export async function timeNavigation(page: Page, path: string): Promise<PageTiming> {
  await page.evaluate(installWatch);
  return page.evaluate((to) => {
    for (const element of document.querySelectorAll("main, main *")) element.setAttribute("data-old", "");
    const from = performance.now();
    const { watchPage } = window as unknown as WatchedWindow;
    const isNew = () => document.querySelector("main :not([data-old])") !== null;
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
    return watchPage(from, isNew);
  }, path);
}

/** Runs in the page. */
function installWatch(): void {
  const STEADY_MS = 400;
  const LATE_FRAME_MS = 100;
  const isReady = () =>
    document.querySelector("main h1") !== null &&
    ![...document.querySelectorAll("[role=status]")].some((status) => status.textContent === "Loading");
  const watchPage: WatchedWindow["watchPage"] = (from, isNew) =>
    new Promise((resolve) => {
      let readyAt: number | undefined;
      let blankFrames = 0;
      let before = performance.now();
      const look = () => {
        const now = performance.now();
        if (!document.querySelector("main")?.textContent?.trim()) blankFrames += 1;
        if (!isReady() || !isNew()) readyAt = undefined;
        else if (readyAt === undefined || now - before > LATE_FRAME_MS) readyAt = now;
        before = now;
        if (readyAt !== undefined && now - readyAt > STEADY_MS) resolve({ ms: readyAt - from, blankFrames });
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  Object.assign(window, { watchPage });
}
