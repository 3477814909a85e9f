import { randomUUID } from "node:crypto";
import { type Action, mayDo, PERMISSIONS, ROLES, type Role } from "@waxseal/contract/permissions";
import { createContext } from "@waxseal/core";
import { createCustomer, createUser, OPERATOR } from "@waxseal/core/accounts";
import { openDatabase } from "@waxseal/db";
import type { Page } from "playwright-core";
import { DEMO_PASSWORD } from "../src/seed-demo.ts";
import type { TestStandalone } from "./start-test-standalone.ts";
import { followPath } from "./watch-page.ts";

type Of = "provider" | "customer";

/** Who walks where; the first in each account is its owner, whose pages say what there is. */
export const WALKERS: readonly { who: string; role: Role; of: Of; walks: Of }[] = [
  ...ROLES.map((role) => ({ who: role, role, of: "provider", walks: "provider" }) as const),
  { who: "customer's owner", role: "owner", of: "customer", walks: "customer" },
  { who: "customer's viewer", role: "viewer", of: "customer", walks: "customer" },
  { who: "provider's admin in a customer", role: "admin", of: "provider", walks: "customer" },
  { who: "provider's viewer in a customer", role: "viewer", of: "provider", walks: "customer" },
];

export type Walked = Awaited<ReturnType<typeof walkPages>>;

export const emailOf = (of: Of, role: Role) => `${of}-${role}@people.example`;

/** A person of each role in the account and in a customer of it, and one of everything that has controls. Returns the customer. */
export async function prepareWalk(
  waxseal: TestStandalone,
  { account, page }: { account: string; page: Page },
): Promise<string> {
  const db = openDatabase(waxseal.env.DATABASE_URL ?? "");
  const ctx = createContext({ db, now: () => new Date() }, account, OPERATOR);
  const { customer } = await createCustomer(ctx, { name: "Corner Shop" });
  for (const [of, organizationId] of [
    ["provider", account],
    ["customer", customer.id],
  ] as const)
    for (const role of ROLES) {
      const user = await createUser(ctx, { email: emailOf(of, role), password: DEMO_PASSWORD });
      await db.member.create({ data: { id: randomUUID(), organizationId, userId: user.id, role } });
    }
  await db.$disconnect();
  for (const [accountId, path, data] of [
    [customer.id, "domains", { domain: "corner.example" }],
    [account, "api-keys", { name: "nightly" }],
    [account, "invitations", { email: "new@people.example", role: "viewer" }],
    [account, "instruction-sheets", {}],
    [account, "channels", { kind: "slack", name: "Ops", target: "https://hooks.slack.com/services/a/b/c" }],
    [account, "policy-changes", { edit: { maxAgeSeconds: 86_400 }, filter: {} }],
  ] as const) {
    const headers = { origin: waxseal.env.PUBLIC_URL ?? "", "x-waxseal-account": accountId };
    const answer = await page.request.post(`${waxseal.env.PUBLIC_URL}/api/v1/${path}`, { data, headers });
    if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`);
  }
  return customer.id;
}

export async function signInAs(page: Page, waxseal: TestStandalone, email: string): Promise<void> {
  await page.context().clearCookies();
  const answer = await page.request.post(`${waxseal.env.PUBLIC_URL}/api/auth/sign-in/email`, {
    data: { email, password: DEMO_PASSWORD },
    headers: { origin: waxseal.env.PUBLIC_URL ?? "" },
  });
  if (!answer.ok()) throw new Error(`${email}: ${await answer.text()}`);
}

/** What is on a page that a person could use to change something: its name, and the permission it says it needs. */
type Control = { name: string; needs: string | null; usable: boolean; isLink: boolean };

/** Links to pages and files that only some roles may use. */
const GATED_LINKS: readonly [RegExp, Action][] = [
  [/\/domains\/(new|add-many)$/, "domains.change"],
  [/\/policy-changes\/new/, "policies.publish"],
  [/\/api\/v1\/account\/export/, "account.export"],
];

/** Buttons that change nothing of the account: what is shown, or the person's own sign-in, which no role takes from them. */
const FREE_BUTTONS = [
  /^(Sign out|Use (dark|light) colours)/,
  /^(Copy|Copied|Show|Explain|What is|Open|Close|Clear|Print|Undo changes|Test TLS now|Sort|Find|Previous|Next)\b/,
  /^(Change name…|Change email address…|Change password…|Set up…|Add a passkey|Delete my sign-in…)$/,
  /^(Leave this account…|Save|Apply|Only .*: show all days)$/,
  /^(Remove mail host \d+|Add a mail host)$/,
  /\?$/,
];

/** Only an owner changes owners, besides what the table says. */
const OF_OWNERS = /^Change (demo|\w+-owner)@/;

/** Opens every path by the router, as links do. Returns what was refused with 403, and the controls of each page. */
export async function walkPages(page: Page, paths: readonly string[]) {
  const refused: string[] = [];
  const controls = new Map<string, Control[]>();
  const note = (response: { status(): number; url(): string }) => {
    if (response.status() === 403) refused.push(new URL(response.url()).pathname);
  };
  page.on("response", note);
  for (const path of paths) {
    await followPath(page, path);
    controls.set(path, await page.evaluate(readControls));
  }
  page.off("response", note);
  return { refused, controls };
}

/** What differs on a page between what a role is offered and what the permission table allows it; the owner's page says what there is. */
export function compareWithTable(role: Role, own: readonly Control[], owners: readonly Control[]): string[] {
  const problems = own.filter(isUnknown).map(({ name }) => `“${name}” names no permission`);
  for (const control of owners) {
    const needs = needOf(control);
    if (!needs) continue;
    const offered = own.some((one) => one.name === control.name && one.needs === control.needs && one.usable);
    if (role !== "owner" && OF_OWNERS.test(control.name)) continue;
    if (offered && !mayDo(role, needs)) problems.push(`“${control.name}” is offered, but needs ${needs}`);
    if (!offered && mayDo(role, needs) && control.usable) problems.push(`“${control.name}” is not offered`);
  }
  for (const control of own) {
    const needs = needOf(control);
    if (needs && control.usable && !mayDo(role, needs))
      problems.push(`“${control.name}” is offered, but needs ${needs}`);
  }
  return [...new Set(problems)];
}

function isUnknown({ name, needs, isLink }: Control): boolean {
  if (needs !== null) return !(needs in PERMISSIONS);
  return !isLink && !FREE_BUTTONS.some((free) => free.test(name));
}

function needOf({ name, needs }: Control): Action | undefined {
  if (needs !== null) return Object.keys(PERMISSIONS).find((action): action is Action => action === needs);
  return GATED_LINKS.find(([link]) => link.test(name))?.[1];
}

/** Runs in the page: buttons by their names, links by where they lead. */
function readControls(): Control[] {
  const files = "main input[type=file] + label";
  const buttons = [...document.querySelectorAll(`main button, header button, ${files}`)]
    .filter((element) => !element.closest("thead"))
    .map((element) => ({
      name: element.getAttribute("aria-label") ?? element.textContent?.trim() ?? "",
      needs: element.closest("[data-needs]")?.getAttribute("data-needs") ?? null,
      usable: element.getAttribute("aria-disabled") !== "true",
      isLink: false,
    }));
  const links = [...document.querySelectorAll("main a[href]")].map((element) => ({
    name: element.getAttribute("href") ?? "",
    needs: element.closest("[data-needs]")?.getAttribute("data-needs") ?? null,
    usable: true,
    isLink: true,
  }));
  return [...buttons, ...links];
}
