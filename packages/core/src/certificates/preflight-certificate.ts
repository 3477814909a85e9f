import { randomBytes } from "node:crypto";
import { allowsIssuance, type FetchedHttp01, findCaa, type Resolver } from "@waxseal/probes";
import type { Context } from "../context.ts";
import { checkDomainRecord } from "../domains/check-domain-record.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { CertificateProblem } from "./certificate-problem.ts";
import { publishChallenge, removeChallenge } from "./publish-challenge.ts";

export type PreflightDeps = {
  resolver: Resolver;
  settings: HostingSettings;
  /** Fetches a challenge as a CA would, from where we stand. */
  fetchHttp01(challenge: { host: string; token: string }): Promise<FetchedHttp01>;
};

/**
 * Makes sure, before a CA is asked, that it would say yes: the owner's CNAME reaches us, CAA allows one of our CAs, and the
 * answer on port 80 is ours. A failed look costs nothing; a failed validation counts against the CA's limits.
 *
 * @throws CertificateProblem `preflight.…` – what was seen, what was expected, whose move it is
 *
 * RFC 8555 §8.3, RFC 8659 §3
 */
export async function preflightCertificate(
  ctx: Context,
  { host, domainId }: { host: string; domainId: string | null },
  deps: PreflightDeps,
): Promise<void> {
  if (domainId) await checkCname(ctx, host, domainId, deps);
  await checkCaa(host, deps);
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
    const text = `Your DNS servers do not answer for ${host}: ${seen}. A certificate needs them to.`;
    throw new CertificateProblem("preflight.dns", text);
  }
  const found = seen ?? "nothing there";
  throw new CertificateProblem(
    "preflight.cname",
    `At ${host} we see ${found}; it must be a CNAME to ${target}. Your move: publish that record.`,
  );
}

async function checkCaa(host: string, { resolver, settings }: PreflightDeps): Promise<void> {
  const ours = settings.caaIdentities;
  if (ours.length === 0) return;
  const caa = await findCaa(resolver, host);
  if ("missing" in caa) {
    if (caa.missing === "no-record" || caa.missing === "no-domain") return;
    throw new CertificateProblem(
      "preflight.caa",
      `The CAA look-up for ${host} fails (${caa.detail}), and no certificate authority issues while it does. It is a matter for whoever runs that DNS.`,
    );
  }
  if (allowsIssuance(caa.found, ours)) return;
  const allowed = caa.found
    .filter(({ tag }) => tag === "issue")
    .map(({ value }) => `"${value}"`)
    .join(", ");
  throw new CertificateProblem(
    "preflight.caa",
    `CAA at ${caa.at} allows ${allowed || "no authority"}, but our certificates come from ${ours.join(" or ")}. Your move: allow it there, or publish the CNAME, whose own CAA then counts.`,
  );
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
      `We fetched http://${host}/.well-known/acme-challenge/… ${at ? `at ${at} ` : ""}and got: ${seen}. It must be answered by our policy servers; if your DNS points here, it is our move.`,
    );
  } finally {
    await removeChallenge(ctx, token);
  }
}
