import { randomBytes } from "node:crypto";
import { type FetchedHttp01, isBrokenDnssec, type Resolver } from "@waxseal/probes";
import type { Context } from "../context.ts";
import { checkDomainRecord } from "../domains/check-domain-record.ts";
import { domainJobKey, enqueueJob } from "../enqueue-job.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import type { AcmeDirectory } from "./acme-directory.ts";
import { CertificateProblem } from "./certificate-problem.ts";
import { BOGUS_STOPS_CAS, judgeCaa } from "./judge-caa.ts";
import { publishChallenge, removeChallenge } from "./publish-challenge.ts";

export type PreflightDeps = {
  resolver: Resolver;
  settings: HostingSettings;
  /** Fetches a challenge as a CA would, from our network. */
  fetchHttp01(challenge: { host: string; token: string }): Promise<FetchedHttp01>;
};

type Order = {
  host: string;
  domainId: string | null;
  /** Called once the CNAME is published. */
  openDirectory(): Promise<AcmeDirectory>;
};

/**
 * Checks, before a CA is asked, that it would issue the certificate: the owner's CNAME reaches us, CAA allows this CA and our account there,
 * and the answer on port 80 is ours. A failed look costs nothing; a failed validation counts against the CA's limits.
 *
 * An account that is not named yet waits here until it is: the CAA set of a domain's own token is then published again.
 *
 * @throws CertificateProblem `preflight.…` – what was seen, what was expected, who has to act
 * @throws AcmeError – the CA cannot be opened
 *
 * RFC 8555 §8.3, RFC 8659 §3, RFC 8657 §3
 */
export async function preflightCertificate(
  ctx: Context,
  { host, domainId, openDirectory }: Order,
  deps: PreflightDeps,
): Promise<void> {
  if (domainId) await checkCname(ctx, host, domainId, deps);
  await checkCaa(ctx, { host, domainId, directory: await openDirectory() }, deps);
  await checkHttp01(ctx, host, deps);
}

async function checkCname(ctx: Context, host: string, domainId: string, deps: PreflightDeps): Promise<void> {
  const { domain, token } = await ctx.db.domain.findUniqueOrThrow({
    where: { accountId_id: { accountId: ctx.accountId, id: domainId } },
    select: { domain: true, token: true },
  });
  const record = { kind: "policyHost", domain, token, hostedZone: deps.settings.hostedZone } as const;
  const { state, seen, target } = await checkDomainRecord(deps.resolver, record);
  if (state === "correct") return;
  if (state === "unreachable") {
    if (isBrokenDnssec(seen)) throw new CertificateProblem("preflight.dns", `${seen}. ${BOGUS_STOPS_CAS}`);
    const text = `Your DNS servers do not answer for ${host}: ${seen}. A certificate needs them to.`;
    throw new CertificateProblem("preflight.dns", text);
  }
  const found = seen ?? "nothing there";
  throw new CertificateProblem(
    "preflight.cname",
    `At ${host} we see ${found}; it must be a CNAME to ${target}. Publish that record.`,
  );
}

async function checkCaa(
  ctx: Context,
  { host, domainId, directory }: { host: string; domainId: string | null; directory: AcmeDirectory },
  deps: PreflightDeps,
): Promise<void> {
  const verdict = await judgeCaa({ host, caa: directory.caa }, deps);
  if (verdict.isAllowed) return;
  if (verdict.isOurs && domainId) {
    const { accountId } = ctx;
    const key = domainJobKey("record.publish", domainId);
    await ctx.inTransaction((db) => enqueueJob(db, "record.publish", { accountId, domainId }, { key }));
  }
  throw new CertificateProblem("preflight.caa", verdict.reason);
}

async function checkHttp01(ctx: Context, host: string, deps: PreflightDeps): Promise<void> {
  const token = `preflight-${randomBytes(16).toString("base64url")}`;
  const keyAuthorization = `${token}.${randomBytes(16).toString("base64url")}`;
  try {
    await publishChallenge(ctx, { token, keyAuthorization, host });
    const answer = await deps.fetchHttp01({ host, token });
    if ("found" in answer && answer.found.body.trim() === keyAuthorization) return;
    const [at, seen] =
      "found" in answer
        ? [answer.found.address, "another server's answer"]
        : [answer.addresses.join(", "), answer.detail];
    throw new CertificateProblem(
      "preflight.http",
      `We fetched http://${host}/.well-known/acme-challenge/… ${at ? `at ${at} ` : ""}and got: ${seen}. It must be answered by our policy servers; if your DNS points here, there is nothing for you to do: we are working on it.`,
    );
  } finally {
    await removeChallenge(ctx, token);
  }
}
