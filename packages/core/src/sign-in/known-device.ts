import { randomBytes } from "node:crypto";
import type { GenericEndpointContext } from "better-auth";
import { mailboxHash } from "./mailbox-hash.ts";

const COOKIE_NAME = "device";
const ONE_YEAR_SECONDS = 31_536_000;
/** People who share a browser; the one who was there last comes first. */
const MAX_PEOPLE = 5;

/**
 * Which browser this is, when this person has signed in with it before or has shown in it that the mailbox is theirs; else `undefined`.
 *
 * Its failures are counted apart from those of all other browsers, so that tries from elsewhere do not lock the owner out. It opens nothing.
 */
export async function findKnownDevice(
  ctx: GenericEndpointContext,
  email: string,
): Promise<string | undefined> {
  const { id, people } = await readDevice(ctx);
  return people.includes(mailboxHash(email)) ? id : undefined;
}

/** Remembers this browser for this person. */
export async function rememberDevice(ctx: GenericEndpointContext, email: string): Promise<void> {
  const { id = randomBytes(16).toString("base64url"), people } = await readDevice(ctx);
  const person = mailboxHash(email);
  const known = [person, ...people.filter((other) => other !== person)].slice(0, MAX_PEOPLE);
  const cookie = ctx.context.createAuthCookie(COOKIE_NAME, { maxAge: ONE_YEAR_SECONDS });
  await ctx.setSignedCookie(cookie.name, [id, ...known].join("."), ctx.context.secret, cookie.attributes);
}

async function readDevice(
  ctx: GenericEndpointContext,
): Promise<{ id: string | undefined; people: string[] }> {
  const { name } = ctx.context.createAuthCookie(COOKIE_NAME);
  const value = await ctx.getSignedCookie(name, ctx.context.secret);
  const [id, ...people] = typeof value === "string" ? value.split(".") : [];
  return { id: id || undefined, people };
}
