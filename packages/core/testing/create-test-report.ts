import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Database } from "@waxseal/db";
import { formatTlsReport, type PolicyResult, type TlsReport } from "@waxseal/tls-rpt";
import { type Context, createContext, jobActor } from "../src/context.ts";
import type { TokenOwner } from "../src/reports/arriving/find-token-owners.ts";
import { newToken } from "../src/setup-names.ts";

/** A new account of its own, for tests. */
export async function createTestAccount(db: Database, now: () => Date): Promise<Context> {
  const id = randomUUID();
  await db.organization.create({ data: { id, name: `Account ${id}`, slug: id } });
  return createContext({ db, now }, id, jobActor("test"));
}

/** A domain with its token, for tests. */
export async function createTestDomain(ctx: Context, domain: string): Promise<TokenOwner> {
  const token = newToken();
  const { accountId } = ctx;
  const mxHosts = [{ mxHost: `mx.${domain}`, preference: 10 }];
  const row = await ctx.db.domain.create({
    data: { accountId, domain, token, createdAt: ctx.now(), mxHosts },
  });
  await ctx.db.domainToken.create({ data: { token, accountId, domainId: row.id, createdAt: ctx.now() } });
  return { token, accountId, domainId: row.id, domain };
}

/** A policy result with these figures, for tests. */
export function testPolicy(domain: string | null, policy: Partial<PolicyResult> = {}): PolicyResult {
  return {
    policyType: "sts",
    policyDomain: domain,
    policyStrings: ["version: STSv1", "mode: testing", "mx: mx.example.com", "max_age: 86400"],
    mxHostPatterns: ["mx.example.com"],
    successfulSessions: 10,
    failedSessions: 0,
    failureDetails: [],
    ...policy,
  };
}

/** A failure detail, for tests. */
export function testFailure(
  detail: Partial<PolicyResult["failureDetails"][number]> = {},
): PolicyResult["failureDetails"][number] {
  return {
    resultType: "certificate-expired",
    knownResultType: true,
    sendingMtaIp: "192.0.2.1",
    receivingMxHost: "mx.example.com",
    receivingMxHelo: null,
    receivingIp: "198.51.100.1",
    failedSessions: 1,
    additionalInfo: null,
    failureReasonCode: null,
    ...detail,
  };
}

/** The JSON of a report about one UTC day, for tests. */
export function testReportJson(
  day: string,
  report: Partial<TlsReport> & { policies: PolicyResult[] },
): string {
  return formatTlsReport({
    organizationName: "Example Sender",
    contactInfo: "tls@sender.example",
    reportId: `${day}-1`,
    startAt: new Date(`${day}T00:00:00Z`),
    endAt: new Date(`${day}T23:59:59Z`),
    reportDay: day,
    ...report,
  });
}

/** A report mail as senders write it, unsigned, for tests. */
export function testReportMail(json: string, headers: readonly string[] = []): Buffer {
  const lines = [
    "From: Example Sender <tls@sender.example>",
    "To: reports@example.net",
    "Subject: TLS report",
    "MIME-Version: 1.0",
    ...headers,
    'Content-Type: multipart/report; report-type="tlsrpt"; boundary="=_b1"',
    "",
    "--=_b1",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "This is an aggregate TLS report.",
    "--=_b1",
    "Content-Type: application/tlsrpt+gzip",
    "Content-Transfer-Encoding: base64",
    "",
    ...(gzipSync(json)
      .toString("base64")
      .match(/.{1,76}/g) ?? []),
    "--=_b1--",
    "",
  ];
  return Buffer.from(lines.join("\r\n"));
}
