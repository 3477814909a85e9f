import type { Database } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import { hashSecret } from "./hash-secret.ts";

/** Who may sign up: anyone, people with the link of an invitation, these and people of some mail domains, or no one. */
export type SignUpRule = { kind: "open" | "invitation" | "closed" } | { kind: "domains"; domains: string[] };

const SETTING = "sign_up";
const DOMAIN = /^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/;

/** `open`, `invitation`, `closed`, or mail domains with commas between them. @throws AppError `invalid` */
export function readSignUpRule(text: string): SignUpRule {
  const plain = text.trim().toLowerCase();
  if (plain === "open" || plain === "invitation" || plain === "closed") return { kind: plain };
  const domains = plain.split(",").map((domain) => domain.trim().replace(/^@/, ""));
  if (domains.every((domain) => DOMAIN.test(domain))) return { kind: "domains", domains };
  throw new AppError(
    "invalid",
    "Say open, invitation, closed, or mail domains with commas between them, such as example.com,example.net.",
  );
}

/** As {@link readSignUpRule} reads it. */
export function formatSignUpRule(rule: SignUpRule): string {
  return rule.kind === "domains" ? rule.domains.join(",") : rule.kind;
}

/** The rule that the operator set by command, else that of the settings. */
export async function getSignUpRule(db: Database, fallback: SignUpRule): Promise<SignUpRule> {
  const row = await db.operatorSetting.findUnique({ where: { name: SETTING } });
  return row ? readSignUpRule(row.value) : fallback;
}

/** Sets the rule of a running installation; undefined: that of the settings again. Needs the owner of the database. */
export async function setSignUpRule(db: Database, rule: SignUpRule | undefined): Promise<void> {
  if (!rule) {
    await db.operatorSetting.deleteMany({ where: { name: SETTING } });
    return;
  }
  const value = formatSignUpRule(rule);
  await db.operatorSetting.upsert({
    where: { name: SETTING },
    create: { name: SETTING, value },
    update: { value },
  });
}

/**
 * Returns in a sentence why this address may not sign up; undefined when it may. `next` is the form's destination, as in the link of an
 * invitation mail. The answer reveals to a stranger neither an invitation nor an existing sign-in.
 */
export async function explainSignUpRefusal(
  { db, now }: { db: Database; now(): Date },
  rule: SignUpRule,
  { email, next }: { email: string; next: string | undefined },
): Promise<string | undefined> {
  if (rule.kind === "open") return undefined;
  if (rule.kind === "closed") return "New people cannot sign up here. Ask the operator of this service.";
  if (rule.kind === "domains" && rule.domains.includes(email.slice(email.lastIndexOf("@") + 1)))
    return undefined;
  if (await hasInvitation(db, { email, next, at: now() })) return undefined;
  return rule.kind === "domains"
    ? `Sign up with an address at ${rule.domains.join(" or ")}, or open the link in your invitation.`
    : "You need an invitation to sign up here. Open the link in your invitation mail, and use the address it was sent to.";
}

/** Whether `next` carries the token of a pending invitation of this address; only the mail has the token. */
async function hasInvitation(
  db: Database,
  { email, next, at }: { email: string; next: string | undefined; at: Date },
): Promise<boolean> {
  const token = /^\/invitations\/([\w-]+)/.exec(next ?? "")?.[1];
  if (!token) return false;
  const where = { tokenHash: hashSecret(token), status: "pending", expiresAt: { gt: at } };
  const invitation = await db.invitation.findFirst({ where, select: { email: true } });
  return invitation?.email === email;
}
