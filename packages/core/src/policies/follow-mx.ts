import type { Domain, Transaction } from "@waxseal/db";
import type { Context } from "../context.ts";
import { draftPolicy, type MxHost } from "../domains/draft-policy.ts";
import { addPolicyVersion } from "./add-policy-version.ts";

/**
 * Drafts the policy of a locked domain again when its MX hosts need another one. Only before the first publication, and only a draft
 * that no person has changed. Returns whether there is a new version. Takes the lock of the change feed when there is: call it last.
 */
export async function followMx(
  db: Transaction,
  ctx: Context,
  domain: Domain,
  mxHosts: readonly MxHost[],
): Promise<boolean> {
  const { accountId, id: domainId, servedVersion: version } = domain;
  if (domain.status !== "pending" || domain.publishedVersion !== null || version === null) return false;
  const draft = draftPolicy(domain.domain, mxHosts);
  const served = await db.policyVersion.findUniqueOrThrow({
    where: { accountId_domainId_version: { accountId, domainId, version } },
  });
  if (served.mode === draft.mode && served.mx.join(" ") === draft.mx.join(" ")) return false;
  const created = await findCreation(db, domain, version);
  if (created && created.drafted !== true) return false;
  await addPolicyVersion(db, ctx, domain, draft, { drafted: true });
  return true;
}

/** What the event of a version says; undefined for the draft a domain is added with, which has none. */
export async function findCreation(
  db: Pick<Transaction, "event">,
  { accountId, id: domainId }: Pick<Domain, "accountId" | "id">,
  version: number,
): Promise<Record<string, unknown> | undefined> {
  const event = await db.event.findFirst({
    where: { accountId, domainId, kind: "policy.created", data: { path: ["version"], equals: version } },
  });
  return event ? (event.data as Record<string, unknown>) : undefined;
}
