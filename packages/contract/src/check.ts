import { z } from "zod";

/** Query of the public checker. */
export const CheckQuery = z.object({ domain: z.string().min(1).max(1_000) });

/** One thing the checker noticed, with the section that says so and what to do. */
export const CheckFinding = z
  .object({
    code: z.string(),
    severity: z.enum(["error", "warning", "note", "ok"]),
    subject: z.enum(["record", "policy", "certificate", "mx", "tlsrpt", "dns"]),
    rfc: z.string().nullable(),
    message: z.string(),
    fix: z.string().nullable(),
    mxHost: z.string().nullable().describe("The MX host it is about"),
  })
  .meta({ id: "CheckFinding" });

/** What the public checker found about a domain. */
export const CheckView = z
  .object({
    domain: z.string(),
    checkedAt: z.iso.datetime(),
    verdict: z.enum(["ok", "warning", "error", "none"]).describe("none: the domain has no MTA-STS"),
    record: z.object({ found: z.boolean(), text: z.string().nullable(), policyId: z.string().nullable() }),
    policy: z.object({
      found: z.boolean(),
      body: z.string().nullable(),
      mode: z.string().nullable(),
      mx: z.array(z.string()),
      maxAgeSeconds: z.int().nullable(),
      contentType: z.string().nullable().describe("The header as sent"),
      tlsVersion: z.string().nullable(),
      addresses: z.array(z.string()).describe("Of the policy host"),
    }),
    certificate: z
      .object({ issuer: z.string(), notAfter: z.iso.datetime(), names: z.array(z.string()) })
      .nullable(),
    mx: z.array(
      z.object({
        mxHost: z.string(),
        preference: z.int(),
        covered: z.boolean().nullable(),
        startTls: z.enum(["ok", "not-offered", "bad-certificate", "unreachable", "not-tried"]),
        detail: z.string().nullable(),
      }),
    ),
    tlsRpt: z.object({ found: z.boolean(), text: z.string().nullable(), rua: z.array(z.string()) }),
    findings: z.array(CheckFinding),
    toPublish: z
      .object({
        records: z.array(
          z.object({
            name: z.string(),
            value: z.string().describe("As DNS forms take it"),
            line: z.string().describe("As a zone file takes it"),
            reason: z.string(),
          }),
        ),
        policy: z.object({ url: z.string(), body: z.string(), reason: z.string() }).nullable(),
      })
      .describe("The exact TXT records and policy file for what is missing or wrong; empty when nothing is"),
  })
  .meta({ id: "Check" });
