import { type Domain, isUniqueViolation, type Transaction } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { draftPolicy, type MxHost } from "../domains/draft-policy.ts";
import { keepMxSightings } from "../domains/keep-mx-sightings.ts";
import { normalizeDomainInput } from "../domains/normalize-domain-input.ts";
import { domainJobKey, enqueueJob } from "../enqueue-job.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { refuseDomainOverQuota } from "../limits/account-quota.ts";
import { lockAccount } from "../lock-account.ts";
import { storePolicyVersion } from "../policies/store-policy-version.ts";
import { recordEvent } from "../record-event.ts";
import { refuseClosing } from "../refuse-closing.ts";
import { requirePermission } from "../require-permission.ts";
import { recordServingChange } from "../serving/record-serving-change.ts";
import { newToken, RECORD_KINDS } from "../setup-names.ts";

/** What adding a domain depends on. */
export type AddDomainDeps = {
  settings: HostingSettings;
  /** The MX hosts now, none when there is no record; undefined when DNS did not answer. */
  lookUpMx(domain: string): Promise<MxHost[] | undefined>;
};

const MAX_DOMAINS = 10_000;
const MAX_MX_HOSTS = 100;

/**
 * Adds a domain: its token answers in DNS from now on, a first policy is ready, and a check is under way.
 *
 * The domain may be typed as `normalizeDomainInput` understands it. One that has left is taken up again with its
 * old token, so CNAMEs that are still published are right. Two accounts may add the same domain; DNS decides later.
 *
 * @throws AppError `invalid` – not a domain we can host; `conflict` – already in this account; `limit_reached`
 */
export async function addDomain(
  ctx: Context,
  input: { domain: string },
  deps: AddDomainDeps,
): Promise<Domain> {
  requirePermission(ctx, "domains.change");
  const normalized = normalizeDomainInput(input.domain, deps.settings);
  if (!normalized.ok) {
    throw new AppError("invalid", normalized.problem, {
      fields: [{ path: "domain", problem: normalized.problem }],
    });
  }
  const { domain } = normalized;
  const mxHosts = (await deps.lookUpMx(domain))?.slice(0, MAX_MX_HOSTS);
  const policy = draftPolicy(domain, mxHosts ?? []);
  const at = ctx.now();
  const mxFacts = { mxHosts: mxHosts ?? [], mxCheckedAt: mxHosts ? at : null };
  try {
    return await ctx.inTransaction(async (db) => {
      await lockAccount(db, ctx.accountId);
      await refuseClosing(db, ctx.accountId);
      await refuseOver(db, ctx.accountId, domain);
      const row = await createOrReopen(db, ctx, { domain, mxFacts, at });
      await keepMxSightings(db, row, mxHosts ?? [], at);
      const { version } = await storePolicyVersion(db, ctx, row.id, policy);
      const added = await db.domain.update({
        where: { accountId_id: { accountId: ctx.accountId, id: row.id } },
        data: { servedVersion: version },
      });
      await recordEvent(db, ctx, "domain.added", { domainId: row.id, domain });
      await enqueueJob(
        db,
        "domain.check",
        { accountId: ctx.accountId, domainId: row.id },
        { key: domainJobKey("domain.check", row.id) },
      );
      await recordServingChange(db, "record", row.token, at);
      return added;
    });
  } catch (cause) {
    if (!isUniqueViolation(cause)) throw cause;
    const { accountId } = ctx;
    throw alreadyThere(
      await ctx.db.domain.findUniqueOrThrow({ where: { accountId_domain: { accountId, domain } } }),
    );
  }
}

/** A domain that is here already is refused for that, whatever the quota. */
async function refuseOver(db: Transaction, accountId: string, domain: string): Promise<void> {
  const here = await db.domain.count({ where: { accountId, domain, status: { not: "left" } } });
  if (here === 0) await refuseDomainOverQuota(db, accountId);
}

type NewDomain = { domain: string; at: Date; mxFacts: { mxHosts: MxHost[]; mxCheckedAt: Date | null } };

async function createOrReopen(db: Transaction, ctx: Context, input: NewDomain): Promise<Domain> {
  const { accountId } = ctx;
  const { domain, at } = input;
  const existing = await db.domain.findUnique({ where: { accountId_domain: { accountId, domain } } });
  if (existing && existing.status !== "left") throw alreadyThere(existing);
  if (existing) {
    await db.setupRecord.updateMany({
      where: { accountId, domainId: existing.id },
      data: {
        state: "unchecked",
        seen: null,
        misplaced: null,
        misdirected: null,
        checkedAt: null,
        correctSince: null,
      },
    });
    const again = { status: "pending", activeAt: null, leavingAt: null, leftAt: null } as const;
    const fresh = {
      publishedVersion: null,
      publishProblem: null,
      publishHold: null,
      checkAttempts: 0,
      nextCheckAt: at,
    } as const;
    return db.domain.update({
      where: { accountId_id: { accountId, id: existing.id } },
      data: { ...again, ...fresh, ...input.mxFacts },
    });
  }
  if ((await db.domain.count({ where: { accountId } })) >= MAX_DOMAINS) {
    throw new AppError("limit_reached", `An account holds at most ${MAX_DOMAINS} domains.`, {
      reason: "too_many_objects",
    });
  }
  const token = newToken();
  const row = await db.domain.create({
    data: { accountId, domain, token, createdAt: at, nextCheckAt: at, ...input.mxFacts },
  });
  await db.domainToken.create({ data: { token, accountId, domainId: row.id, createdAt: at } });
  await db.setupRecord.createMany({
    data: RECORD_KINDS.map((kind) => ({ accountId, domainId: row.id, kind })),
  });
  return row;
}

function alreadyThere({ id, domain }: Domain): AppError {
  return new AppError("conflict", `${domain} is already among your domains.`, {
    reason: "domain_exists",
    collidesWith: { kind: "domain", id },
  });
}
