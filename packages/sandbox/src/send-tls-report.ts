import { findTlsRptRecord } from "@waxseal/tls-rpt";
import { buildTlsReportMail, formatSenderReport, type TlsReportToSend } from "./build-tls-report-mail.ts";
import { deliverOverSmtp } from "./deliver-over-smtp.ts";
import { postTlsReport } from "./post-tls-report.ts";
import type { MailNames } from "./resolve-mail-names.ts";

/**
 * Sends a report where the domain's `_smtp._tls` record says; the first address that takes it is enough.
 *
 * The story says what was done. Mail goes out even when the receiver's TLS is
 * bad (RFC 8460 §3). Never throws.
 *
 * RFC 8460 §3, §5
 */
export async function sendTlsReport(
  deps: { names: MailNames; smtpPort: number; httpsPort: number; dkimPrivateKeyPem: string; now: () => Date },
  input: TlsReportToSend,
): Promise<{ isSent: boolean; story: string }> {
  const name = `_smtp._tls.${input.policyDomain}`;
  try {
    const record = findTlsRptRecord(await deps.names.txt(name));
    if (!record.ok) return { isSent: false, story: `${name}: ${record.problem}` };
    const isPreferred = (rua: string) => rua.toLowerCase().startsWith(`${input.sender.prefers}:`);
    const addresses = [...record.rua.filter(isPreferred), ...record.rua.filter((rua) => !isPreferred(rua))];
    const stories: string[] = [];
    for (const rua of addresses.slice(0, 4)) {
      const { isSent, story } = await (/^mailto:/i.test(rua) ? sendByMail : sendByHttps)(deps, input, rua);
      stories.push(story);
      if (isSent) return { isSent, story: stories.join("; ") };
    }
    return { isSent: false, story: stories.join("; ") };
  } catch (error) {
    return { isSent: false, story: `${name}: ${error instanceof Error ? error.message : "failed"}` };
  }
}

type Send = (
  deps: Parameters<typeof sendTlsReport>[0],
  input: TlsReportToSend,
  rua: string,
) => Promise<{ isSent: boolean; story: string }>;

const sendByMail: Send = async (deps, input, rua) => {
  const to = decodeURIComponent(rua.slice("mailto:".length).split("?")[0] ?? "");
  const message = await buildTlsReportMail({
    ...input,
    to,
    sentAt: deps.now(),
    dkimPrivateKeyPem: deps.dkimPrivateKeyPem,
  });
  const problems: string[] = [];
  for (const mxHost of (await deps.names.mxHosts(to.slice(to.lastIndexOf("@") + 1))).slice(0, 3)) {
    const [address] = await deps.names.addresses(mxHost);
    if (!address) {
      problems.push(`${mxHost}: no address`);
      continue;
    }
    const outcome = await deliverOverSmtp({
      mxHost,
      address,
      port: deps.smtpPort,
      ehloName: `mta1.${input.sender.domain}`,
      from: input.sender.contactInfo,
      to,
      message,
      tls: "any",
    });
    const tls = outcome.isSecure ? "TLS" : "in the clear";
    if (outcome.isDelivered)
      return { isSent: true, story: `report mailed to ${to} at ${mxHost}, ${tls}, DKIM-signed` };
    problems.push(`${mxHost}: ${outcome.problem ?? "refused"}`);
  }
  return { isSent: false, story: `report to ${to} not taken: ${problems.join("; ") || "no MX host"}` };
};

const sendByHttps: Send = async (deps, input, rua) => {
  try {
    const url = new URL(rua);
    const [address] = await deps.names.addresses(url.hostname);
    if (!address) return { isSent: false, story: `${url.hostname} has no address` };
    const port = url.port ? Number(url.port) : deps.httpsPort;
    const status = await postTlsReport({ url, address, port, json: formatSenderReport(input) });
    return { isSent: status >= 200 && status < 300, story: `report posted to ${url.host}, answer ${status}` };
  } catch (error) {
    return { isSent: false, story: `${rua}: ${error instanceof Error ? error.message : "failed"}` };
  }
};
