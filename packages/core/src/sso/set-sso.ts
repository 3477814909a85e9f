import type { SsoBody } from "@waxseal/contract";
import type { AccountSso, Transaction } from "@waxseal/db";
import type { HttpsClient } from "@waxseal/probes";
import type { z } from "zod";
import { AppError, type FieldProblem } from "../app-error.ts";
import type { Context } from "../context.ts";
import { normalizeDomainInput } from "../domains/normalize-domain-input.ts";
import { lockAccount } from "../lock-account.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import type { SecretBox } from "../secret-box.ts";
import { discoverProvider, readIssuer, withoutSlash } from "./discover-provider.ts";
import { endSsoSessions } from "./end-sso-sessions.ts";

/** What setting single sign-on needs besides the database. */
export type SsoDeps = { client: HttpsClient; secretBox: SecretBox };

/**
 * Sets up or changes the account's single sign-on, after asking the provider about itself.
 *
 * It accepts only domains that the account has claimed by DNS, so that no one signs in with an address of another organisation. The secret is
 * sealed and never shown again. Without a new secret the old one stays, except for another issuer or client. With another issuer everyone
 * signs in again.
 *
 * @throws AppError `forbidden`; `invalid` – by field
 */
export async function setSso(ctx: Context, input: z.infer<typeof SsoBody>, deps: SsoDeps): Promise<void> {
  requirePermission(ctx, "sso.manage");
  const { accountId } = ctx;
  const before = await ctx.db.accountSso.findUnique({ where: { accountId } });
  const { domains, problems } = readDomains(input.domains);
  problems.push(...(await findUnproven(ctx, domains)));
  const typed = readIssuer(input.issuer);
  if (typed === undefined)
    problems.push({ path: "issuer", problem: "Enter the provider's address, such as login.example.com." });
  const isSameClient =
    before !== null && withoutSlash(before.issuer) === typed && before.clientId === input.clientId;
  if (!input.clientSecret && !isSameClient)
    problems.push({ path: "clientSecret", problem: "Enter the secret for this issuer and client." });
  refuseProblems(problems);
  const { issuer } = await discoverProvider(deps.client, typed ?? "").catch((cause: unknown) => {
    if (cause instanceof AppError) refuseProblems([{ path: "issuer", problem: cause.message }]);
    throw cause;
  });
  const sealed = input.clientSecret ? await deps.secretBox.seal(input.clientSecret) : undefined;
  await ctx.inTransaction(async (db) => {
    await lockAccount(db, accountId);
    const old = await db.accountSso.findUnique({ where: { accountId } });
    // It was changed in between: the secret must not go to an issuer it was not given for.
    const clientSecretJwe = sealed ?? keepSecret(old, { ...input, issuer, accountId });
    const { clientId, isRequired } = input;
    const data = { issuer, clientId, domains, isRequired, clientSecretJwe, updatedAt: ctx.now() };
    await db.accountSso.upsert({ where: { accountId }, create: { accountId, ...data }, update: data });
    if (old && old.issuer !== issuer) await forgetIdentities(db, accountId);
    await recordEvent(db, ctx, "sso.changed", {
      issuer,
      clientId,
      domains,
      isRequired,
      hasNewSecret: sealed !== undefined,
      before: old && presentForLog(old),
    });
  });
}

function keepSecret(
  old: AccountSso | null,
  { accountId, ...input }: { issuer: string; clientId: string; accountId: string },
): string {
  if (old && withoutSlash(old.issuer) === withoutSlash(input.issuer) && old.clientId === input.clientId)
    return old.clientSecretJwe;
  throw new AppError("conflict", "This was changed by someone else at the same time. Reload and try again.", {
    reason: "changed_meanwhile",
    collidesWith: { kind: "account", id: accountId },
  });
}

/** A subject of one issuer says nothing about one of another. */
async function forgetIdentities(db: Transaction, accountId: string): Promise<void> {
  await db.ssoIdentity.deleteMany({ where: { accountId } });
  await endSsoSessions(db, accountId);
}

function readDomains(texts: readonly string[]): { domains: string[]; problems: FieldProblem[] } {
  const domains = new Set<string>();
  const problems: FieldProblem[] = [];
  for (const [place, text] of texts.entries()) {
    const input = normalizeDomainInput(text);
    if (input.ok) domains.add(input.domain);
    else problems.push({ path: `domains.${place}`, problem: input.problem });
  }
  return { domains: [...domains], problems };
}

async function findUnproven(ctx: Context, domains: readonly string[]): Promise<FieldProblem[]> {
  const { db, accountId } = ctx;
  const claims = await db.domainClaim.findMany({ where: { accountId, domain: { in: [...domains] } } });
  const proven = new Set(claims.map(({ domain }) => domain));
  return domains
    .filter((domain) => !proven.has(domain))
    .map((domain) => ({
      path: "domains",
      problem: `${domain} is not proven to be yours: add it to this account and publish one of its CNAMEs.`,
    }));
}

function presentForLog({ issuer, clientId, domains, isRequired }: AccountSso) {
  return { issuer, clientId, domains, isRequired };
}

function refuseProblems(fields: readonly FieldProblem[]): void {
  if (fields.length === 0) return;
  throw new AppError("invalid", fields.map(({ problem }) => problem).join(" "), { fields });
}
