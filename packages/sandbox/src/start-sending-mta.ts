import { DAY_MS } from "@waxseal/runtime/time-spans";
import { buildSessionReport, type SenderSession } from "./build-session-report.ts";
import { createPolicyFinder } from "./create-policy-finder.ts";
import { type DeliveryAttempt, deliverAsSender } from "./deliver-as-sender.ts";
import { dkimRecord, openDkimKeys } from "./open-dkim-keys.ts";
import { SandboxRefusal, type ZoneStore } from "./open-zone-store.ts";
import type { DnsServer } from "./query-dns.ts";
import { resolveMailNames } from "./resolve-mail-names.ts";
import { sendTlsReport } from "./send-tls-report.ts";
import { SENDERS, type Sender } from "./sender-personalities.ts";

const MAX_SESSIONS = 10_000;
const MAX_MAILS = 50;

/** One thing a sender did, for a person to read. */
export type SandboxStep = { at: string; who: string; text: string; ok: boolean };

/** The sending side of the sandbox. */
export type SendingMta = {
  senders: readonly Sender[];
  /** Delivers `count` mails (1 to 50, default 3) from every sender, or from the one named. Returns what happened; throws only SandboxRefusal. */
  deliver(input: {
    domain: string;
    sender?: string | undefined;
    count?: number | undefined;
  }): Promise<SandboxStep[]>;
  /** Reports the sessions since each sender's last report that was taken. Returns what happened; throws only SandboxRefusal. */
  sendReports(input: { domain: string; sender?: string | undefined }): Promise<SandboxStep[]>;
  /**
   * Makes one sender stop reporting about a domain: it reported daily until six days ago, another one until yesterday. Or makes it report
   * again, about the days since. Returns what happened; throws only SandboxRefusal.
   */
  silence(input: { domain: string; sender: string; isSilent: boolean }): Promise<SandboxStep[]>;
};

const HISTORY_DAYS = 14;
const SILENT_DAYS = 6;

/**
 * Starts senders that look up MX and policy, insist on what the policy says, and report it.
 *
 * Their DKIM keys are kept in `dataDir` and published in `zones`. Customers' MX
 * hosts are reached on `mxPort`, policy hosts on `policyHttpsPort`, receivers of
 * reports on `reportsSmtpPort` and, for https without a port, `reportsHttpsPort`.
 * The sessions not yet reported are kept in memory, at most 10,000.
 */
export async function startSendingMta(options: {
  dataDir: string;
  zones: ZoneStore;
  dnsServer: DnsServer;
  caPem: string;
  mxPort: number;
  policyHttpsPort: number;
  reportsSmtpPort: number;
  reportsHttpsPort: number;
  senders?: readonly Sender[];
  now?: () => Date;
}): Promise<SendingMta> {
  const { senders = SENDERS, now = () => new Date(), caPem } = options;
  const keys = await openDkimKeys(options.dataDir, senders);
  const names = resolveMailNames(options.dnsServer);
  const states = new Map<string, { sender: Sender; findPolicy: ReturnType<typeof createPolicyFinder> }>();
  for (const sender of senders) {
    await options.zones.createZone(sender.domain);
    await options.zones.setRecords(sender.domain, [dkimRecord(sender, keys.get(sender.domain) ?? "")]);
    const finder = createPolicyFinder({ names, httpsPort: options.policyHttpsPort, caPem, now });
    states.set(sender.domain, { sender, findPolicy: finder });
  }
  let ledger: { sender: Sender; session: SenderSession }[] = [];
  let reportsMade = 0;
  /** `<sender> <domain>` of those that do not report. */
  const silenced = new Set<string>();

  const pick = (sender: string | undefined) => {
    if (sender === undefined) return [...states.values()];
    const state = states.get(sender);
    if (!state) throw new SandboxRefusal(`There is no sandbox sender ${sender}.`);
    return [state];
  };
  const step = (who: string, text: string, ok: boolean): SandboxStep => ({
    at: now().toISOString(),
    who,
    text,
    ok,
  });

  async function send(sender: Sender, domain: string, reportDay: string, sessions: SenderSession[]) {
    reportsMade += 1;
    const sequence = `${now().getTime().toString(36)}${reportsMade}`;
    const report = buildSessionReport({ sender, domain, reportDay, sessions, sequence });
    const deps = {
      names,
      smtpPort: options.reportsSmtpPort,
      httpsPort: options.reportsHttpsPort,
      dkimPrivateKeyPem: keys.get(sender.domain) ?? "",
      now,
    };
    return sendTlsReport(deps, { sender, report, policyDomain: domain });
  }

  /** Reports about days without a mail of ours, from so many days ago on: one good session each. */
  async function sendHistory(sender: Sender, domain: string, fromDaysAgo: number, lastDaysAgo: number) {
    const days = Array.from({ length: fromDaysAgo - lastDaysAgo + 1 }, (_, index) => lastDaysAgo + index);
    const outcomes = await Promise.all(
      days.map(async (ago) => {
        const at = new Date(now().getTime() - ago * DAY_MS);
        const none = { policyLines: [], mxPatterns: [], failure: undefined };
        const session: SenderSession = { at, domain, policyType: "sts", ...none };
        return (await send(sender, domain, at.toISOString().slice(0, 10), [session])).isSent;
      }),
    );
    return outcomes.every(Boolean);
  }

  return {
    senders,
    async silence({ domain, sender: chosen, isSilent }) {
      const [state] = pick(chosen);
      const steps: SandboxStep[] = [];
      if (!isSilent) {
        silenced.delete(`${chosen} ${domain}`);
        for (const { sender } of state ? [state] : []) {
          const isGood = await sendHistory(sender, domain, SILENT_DAYS - 1, 1);
          steps.push(step(sender.organizationName, `reports about ${domain} again`, isGood));
        }
        return steps;
      }
      silenced.add(`${chosen} ${domain}`);
      const other = senders.find(({ domain: name }) => name !== chosen);
      for (const { sender } of [...(state ? [state] : []), ...(other ? pick(other.domain) : [])]) {
        const lastDaysAgo = sender.domain === chosen ? SILENT_DAYS : 1;
        const isGood = await sendHistory(sender, domain, HISTORY_DAYS, lastDaysAgo);
        const until = lastDaysAgo === 1 ? "yesterday" : `${lastDaysAgo} days ago, and is silent since`;
        steps.push(step(sender.organizationName, `reported about ${domain} daily until ${until}`, isGood));
      }
      return steps;
    },
    async deliver({ domain, sender: chosen, count = 3 }) {
      const steps: SandboxStep[] = [];
      for (const { sender, findPolicy } of pick(chosen)) {
        const who = sender.organizationName;
        const mxHosts = await names.mxHosts(domain).catch(() => []);
        steps.push(step(who, `MX of ${domain}: ${mxHosts.join(", ") || "none"}`, mxHosts.length > 0));
        const found = await findPolicy(domain);
        steps.push(step(who, `MTA-STS policy of ${domain}: ${found.how}`, found.type === "sts"));
        const attempts: DeliveryAttempt[] = [];
        for (let left = Math.min(MAX_MAILS, Math.max(1, Math.trunc(count))); left > 0; left -= 1) {
          const attempt = await deliverAsSender({
            sender,
            domain,
            mxHosts,
            found,
            names,
            mxPort: options.mxPort,
            caPem,
            now,
          });
          ledger.push(...attempt.sessions.map((session) => ({ sender, session })));
          attempts.push(attempt);
        }
        ledger = ledger.slice(-MAX_SESSIONS);
        for (const [story, same] of Map.groupBy(attempts, (attempt) => attempt.story)) {
          const mails = same.length === 1 ? "1 mail" : `${same.length} mails`;
          const isGood = same.every((a) => a.isDelivered && a.sessions.every(({ failure }) => !failure));
          steps.push(step(who, `${mails}: ${story}`, isGood));
        }
      }
      return steps;
    },

    async sendReports({ domain, sender: chosen }) {
      const steps: SandboxStep[] = [];
      for (const { sender } of pick(chosen)) {
        if (silenced.has(`${sender.domain} ${domain}`)) {
          steps.push(step(sender.organizationName, `keeps silent about ${domain}`, true));
          continue;
        }
        const mine = ledger.filter((entry) => entry.sender === sender && entry.session.domain === domain);
        const days = Map.groupBy(mine, ({ session }) => session.at.toISOString().slice(0, 10));
        if (days.size === 0)
          steps.push(step(sender.organizationName, `nothing to report about ${domain}`, true));
        for (const [reportDay, entries] of days) {
          const sessions = entries.map(({ session }) => session);
          const { isSent, story } = await send(sender, domain, reportDay, sessions);
          if (isSent) ledger = ledger.filter((entry) => !entries.includes(entry));
          const failed = sessions.filter(({ failure }) => failure).length;
          const counts = `${sessions.length - failed} good and ${failed} failed sessions of ${reportDay}`;
          steps.push(step(sender.organizationName, `${counts}: ${story}`, isSent));
        }
      }
      return steps;
    },
  };
}
