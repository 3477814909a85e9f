import { createHash, generateKeyPairSync } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { testFailure, testPolicy, testReportJson, testReportMail } from "@waxseal/core/reports/testing";
import DKIM from "nodemailer/lib/dkim";

/** A report in every form it can be sent in. */
export type BenchReportMail = { id: string; day: string; gzip: Buffer; raw: Buffer };

/** Where the senders' keys are, for a DNS of the bench. */
export const KEY_NAME = "s1._domainkey.sender.example";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** The key record of the senders. */
export const KEY_RECORD = `v=DKIM1; k=rsa; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`;

const RESULT_TYPES = ["certificate-expired", "starttls-not-supported", "validation-failure"];
const DAYS = 28;

/**
 * Reports of 3 policies with 5 failure details each, as mails of about 3.7 kB: addresses and texts that differ keep gzip from making
 * them smaller than real ones.
 */
export function makeBenchReport(index: number, domains: readonly string[], lastDay: Date): BenchReportMail {
  const domain = domains[index % domains.length] ?? "";
  const back = Math.floor(index / domains.length) % DAYS;
  const day = new Date(lastDay.getTime() - back * 86_400_000).toISOString().slice(0, 10);
  const policies = ["sts", "tlsa", "no-policy-found"].map((policyType, place) =>
    testPolicy(domain, {
      policyType,
      successfulSessions: 1_000 + index,
      failedSessions: 15,
      failureDetails: Array.from({ length: 5 }, (_, detail) => {
        const seed = Math.imul(index * 15 + place * 5 + detail + 1, 2_654_435_761) >>> 0;
        return testFailure({
          resultType: RESULT_TYPES[detail % 3] ?? "",
          sendingMtaIp: `${seed >>> 24}.${(seed >>> 16) & 255}.${(seed >>> 8) & 255}.${seed & 255}`,
          receivingIp: `2001:db8:${(seed & 0xffff).toString(16)}:${(seed >>> 16).toString(16)}::1`,
          receivingMxHost: `mx${detail}.${domain}`,
          receivingMxHelo: `${seed.toString(36)}.mail.${domain}`,
          additionalInfo: `https://sender.example/${createHash("sha256").update(`${seed}`).digest("base64url")}`,
          failureReasonCode: `code-${detail}`,
          failedSessions: 3,
        });
      }),
    }),
  );
  const json = testReportJson(day, {
    reportId: `r-${index}`,
    organizationName: `Sender ${index % 7}`,
    policies,
  });
  const headers = [
    `TLS-Report-Domain: ${domain}`,
    "TLS-Report-Submitter: sender.example",
    `Message-ID: <${index}@sender.example>`,
    "Received: from mail.sender.example (mail.sender.example [192.0.2.1]) by relay.sender.example with ESMTPS; Sun, 15 Mar 2026 00:00:00 +0000",
  ];
  return {
    id: `00000000-0000-7000-8000-${index.toString(16).padStart(12, "0")}`,
    day,
    gzip: gzipSync(json),
    raw: testReportMail(json, headers),
  };
}

/** The mail with its sender's signature. */
export function signBenchMail({ raw }: BenchReportMail): Promise<Buffer> {
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return buffer(new DKIM({ domainName: "sender.example", keySelector: "s1", privateKey: key }).sign(raw));
}
