/** What is wrong with the installation itself, as the operator is notified. */
export type OperatorFinding = {
  code: OperatorFindingCode;
  /** What it is about; one finding per code and subject. */
  subject: string;
  severity: "critical" | "warning";
  /** One or two sentences: what is wrong, then what to do. */
  text: string;
};

/** Closed list of them; each has rules of the same meaning in monitoring/waxseal.rules.yml. */
export type OperatorFindingCode =
  | "op.ca"
  | "op.fleetExpiry"
  | "op.ingest"
  | "op.dns"
  | "op.mailOut"
  | "op.stores"
  | "op.serving"
  | "op.watch";

/** What was measured; null: it could not be, which is neither good nor bad. */
export type OperatorFacts = {
  /** Whether the database answered at all. */
  hasDatabase: boolean;
  /** Whether the reports' own database answered; true with one database. */
  hasReportsDatabase: boolean;
  ca: {
    /** Largest used share of a limit on orders, with the host of the CA. */
    budget: { ca: string; share: number } | null;
    heldOrders: number;
    /** For how long the CA has failed, for the name that waits longest. */
    failingSeconds: number;
    /** Host of a CA that took orders in the last hour and is not the first one; null: none did. */
    fallback?: string | null | undefined;
  } | null;
  certificates: { served: number; endIn7Days: number; endIn2Days: number } | null;
  ingest: {
    oldestSeconds: number;
    lastHours: number;
    weekBefore: number;
    /** Messages of the last day, and of the week before it, and how many of them could not be read. */
    day?: Share;
    week?: Share;
  } | null;
  /** For how long the mail that we sent to our own intake has not arrived; null: none is under way. */
  testMailSeconds?: number | null | undefined;
  /** Whether our own resolver answers names that always exist. */
  resolver?: { isFailing: boolean } | null | undefined;
  /** The volumes of Postgres and of state folders, as far as they can be seen from here. */
  disks?: readonly Disk[] | null;
  /** Number of certificate keys tried, and of those that `SECRET_KEYS` cannot decrypt. */
  keys?: { tried: number; wrong: number } | null | undefined;
  /** Domains whose senders report that they got no policy, where our own log says that it was our fault; with one of them. */
  fetchFaults?: { domains: number; example: string } | null | undefined;
  /** Names that DNS answers wrongly or not at all, for how long, by authority. */
  dns: readonly { authority: string; names: number; seconds: number }[];
  mail: { oldestSeconds: number; ended: number; givenUp: number } | null;
  stores: { connections: number; allowed: number; deadJobs: number; jobLagSeconds: number } | null;
  /** Servers whose lease ended, i.e. that are away, and those that lag behind. */
  serving: readonly { node: string; isAway: boolean; lag: number }[] | null;
  /** Number of published policies fetched through the public path, and of those that were wrong. */
  fetches: { tried: number; wrong: number } | null;
  watch: { lagSeconds: number; isLineDown: boolean; errors?: number } | null;
};

type Disk = { folder: string; freeShare: number };
type Share = { messages: number; unreadable: number };

const HOUR = 3_600;
const LIMITS = {
  budget: 0.8,
  caSeconds: HOUR,
  expiring: { share: 0.001, count: 5 },
  ingestSeconds: 300,
  /** In the same six hours a week before. */
  usualReports: 50,
  dnsSeconds: 600,
  mailSeconds: 600,
  mailShare: 0.05,
  mailCount: 5,
  connections: 0.8,
  jobSeconds: 120,
  lag: 100,
  fetches: { tried: 3, share: 0.5 },
  watchSeconds: 600,
  /** Unreadable messages of a day, beside their share of the week before. */
  unreadable: { messages: 10, times: 3 },
  testMailSeconds: 600,
  disk: { warning: 0.15, critical: 0.05 },
} as const;

/** Decides what the operator has to know now. The caller waits for a second look before a message goes out. */
export function judgeOperator(facts: OperatorFacts): OperatorFinding[] {
  if (!facts.hasDatabase) {
    const text =
      "The database does not answer. Policies, DNS and report intake go on from memory and disk; nothing new is done. Check Postgres and the network to it.";
    return [{ code: "op.stores", subject: "database", severity: "critical", text }];
  }
  return [
    ...judgeCa(facts.ca),
    ...judgeFleet(facts.certificates),
    ...judgeIngest(facts),
    ...judgeTestMail(facts),
    ...judgeDns(facts),
    ...judgeMail(facts.mail),
    ...judgeStores(facts),
    ...judgeDisks(facts.disks ?? []),
    ...judgeServing(facts),
    ...judgeWatch(facts.watch),
  ];
}

function judgeCa(ca: OperatorFacts["ca"]): OperatorFinding[] {
  if (!ca) return [];
  const about = { code: "op.ca", severity: "warning" } as const;
  const found: OperatorFinding[] = [];
  if (ca.budget && ca.budget.share > LIMITS.budget) {
    const text = `More than 80% of the limit of ${ca.budget.ca} on new orders is used. Ask the CA for a higher limit, or add a second directory to ACME_DIRECTORY_URL.`;
    found.push({ ...about, subject: ca.budget.ca, text });
  }
  if (ca.heldOrders > 0) {
    const text = `Orders of certificates wait because a limit of the CA is used up. Add a second directory to ACME_DIRECTORY_URL, or wait until the limit frees.`;
    found.push({ ...about, subject: "held orders", text });
  }
  if (ca.failingSeconds >= LIMITS.caSeconds) {
    const text =
      "The certificate authority has failed for more than an hour. Certificates in use stay valid; check the CA's status page and `waxseal operator conditions`.";
    found.push({ ...about, subject: "certificate authority", text });
  }
  if (ca.fallback) {
    const text = `Certificates are ordered at ${ca.fallback}, which is not the first of ACME_DIRECTORY_URL: the first one fails or its limit is used up. Check its status page.`;
    found.push({ ...about, subject: "fallback", text });
  }
  return found;
}

function judgeFleet(certificates: OperatorFacts["certificates"]): OperatorFinding[] {
  if (!certificates) return [];
  const { served, endIn7Days, endIn2Days } = certificates;
  const isMany = endIn7Days > LIMITS.expiring.count || endIn7Days > served * LIMITS.expiring.share;
  if (endIn2Days === 0 && !(isMany && endIn7Days > 0)) return [];
  const text =
    endIn2Days > 0
      ? "Policy certificates in use expire within 48 hours. Senders that enforce then refuse mail: see the certificates' problems in the metrics and order them again."
      : "Policy certificates in use expire within a week and were not renewed. See the certificates' problems in the metrics.";
  const severity = endIn2Days > 0 ? "critical" : "warning";
  return [{ code: "op.fleetExpiry", subject: "policy certificates", severity, text }];
}

function judgeIngest({ ingest, hasReportsDatabase }: OperatorFacts): OperatorFinding[] {
  const about = { code: "op.ingest", severity: "critical" } as const;
  if (!hasReportsDatabase) {
    const text = "The database of reports does not answer. Senders are asked to try again later; check it.";
    return [{ ...about, subject: "reports database", text }];
  }
  if (!ingest) return [];
  const found: OperatorFinding[] = [];
  if (ingest.oldestSeconds > LIMITS.ingestSeconds) {
    const text =
      "Reports that arrived wait for more than five minutes to be read. Check that the report ingest runs and its log.";
    found.push({ ...about, subject: "unread reports", text });
  }
  if (ingest.lastHours === 0 && ingest.weekBefore > LIMITS.usualReports) {
    const text =
      "No report has arrived for six hours; a week ago there were many at this time. Check the MX record of the reports domain, port 25 and the report ingest.";
    found.push({ ...about, subject: "no reports", text });
  }
  const { day, week } = ingest;
  const { messages, times } = LIMITS.unreadable;
  if (day && week && day.unreadable >= messages && shareOf(day) > times * shareOf(week)) {
    const text =
      "Far more reports than usual cannot be read. The metric waxseal_reports_understood_total has the reasons; after a new release that reads them, run `waxseal report reparse`.";
    found.push({ ...about, severity: "warning", subject: "quarantine share", text });
  }
  return found;
}

/** Returns the share of unreadable messages; 0 without messages. */
function shareOf({ messages, unreadable }: Share): number {
  return messages === 0 ? 0 : unreadable / messages;
}

function judgeTestMail({ testMailSeconds }: OperatorFacts): OperatorFinding[] {
  if (!testMailSeconds || testMailSeconds <= LIMITS.testMailSeconds) return [];
  const text =
    "A mail that we sent to our own report address has not arrived for ten minutes. Check port 25 of the report ingest, its log and its room on disk.";
  return [{ code: "op.ingest", subject: "own test mail", severity: "critical", text }];
}

function judgeDns({ dns, resolver }: OperatorFacts): OperatorFinding[] {
  const about = { code: "op.dns", severity: "critical" } as const;
  const authorities = dns
    .filter(({ names, seconds }) => names > 0 && seconds >= LIMITS.dnsSeconds)
    .map(({ authority }): OperatorFinding => {
      const text = `${authority} answers names of the hosted zone wrongly or not at all. Check its zone and that it gets our updates.`;
      return { ...about, subject: authority, text };
    });
  if (!resolver?.isFailing) return authorities;
  const text =
    "Our resolver does not answer names that always exist, so what DNS says of domains is not known. No alert about their records opens or ends until it does. Check DNS_RESOLVERS.";
  return [...authorities, { ...about, subject: "own resolver", text }];
}

function judgeMail(mail: OperatorFacts["mail"]): OperatorFinding[] {
  if (!mail) return [];
  const isLost = mail.givenUp >= LIMITS.mailCount && mail.givenUp > mail.ended * LIMITS.mailShare;
  if (mail.oldestSeconds <= LIMITS.mailSeconds && !isLost) return [];
  const text = isLost
    ? "More than 5% of our mails of the last hour were refused. Check SMTP_URL, MAIL_FROM and the mail server; list them with `waxseal operator mails`."
    : "Mails wait for more than ten minutes. Check SMTP_URL and the mail server; list them with `waxseal operator mails`.";
  return [{ code: "op.mailOut", subject: "outgoing mail", severity: "critical", text }];
}

function judgeStores({ stores }: OperatorFacts): OperatorFinding[] {
  if (!stores) return [];
  const { connections, allowed, deadJobs, jobLagSeconds } = stores;
  const about = { code: "op.stores", severity: "warning" } as const;
  const found: OperatorFinding[] = [];
  if (allowed > 0 && connections > allowed * LIMITS.connections) {
    const text = "More than 80% of the connections that Postgres allows are in use. Raise max_connections.";
    found.push({ ...about, subject: "connections", text });
  }
  if (deadJobs > 0) {
    const text =
      "Background jobs were given up after all of their attempts. The log of the worker has the reason.";
    found.push({ ...about, subject: "jobs given up", text });
  }
  if (jobLagSeconds > LIMITS.jobSeconds) {
    const text =
      "Background jobs wait for more than two minutes. Check that workers run, and raise WORKER_CONCURRENCY.";
    found.push({ ...about, subject: "waiting jobs", text });
  }
  return found;
}

/** Returns a finding for each volume that is nearly full. */
export function judgeDisks(disks: readonly Disk[]): OperatorFinding[] {
  return disks
    .filter(({ freeShare }) => freeShare < LIMITS.disk.warning)
    .map(({ folder, freeShare }) => ({
      code: "op.stores",
      subject: `disk of ${folder}`,
      severity: freeShare < LIMITS.disk.critical ? "critical" : "warning",
      text: `The disk that holds ${folder} is nearly full. Free room or make it larger: without room nothing new is kept.`,
    }));
}

function judgeServing(facts: OperatorFacts): OperatorFinding[] {
  const { serving, fetches, keys, fetchFaults } = facts;
  const servers = (serving ?? []).flatMap(({ node, isAway, lag }): OperatorFinding[] => {
    if (!isAway && lag <= LIMITS.lag) return [];
    const text = isAway
      ? `${node} is away: nothing waits for it, and it serves what it last knew, if it runs. Start it, or remove it from DNS.`
      : `${node} does not keep up with changes. Check its log and its connection to the database.`;
    return [{ code: "op.serving", subject: node, severity: "critical", text }];
  });
  const about = { code: "op.serving", severity: "critical" } as const;
  const { tried, share } = LIMITS.fetches;
  if (fetches && fetches.tried >= tried && fetches.wrong >= fetches.tried * share) {
    const text =
      "Policies could not be fetched through the public path as senders do it. Check the policy servers, their addresses in DNS and the firewall.";
    servers.push({ ...about, subject: "public path", text });
  }
  if (keys && keys.wrong > 0) {
    const text =
      "SECRET_KEYS do not open the keys of certificates, so policy servers cannot present them. Add the key that was used before.";
    servers.push({ ...about, subject: "keys", text });
  }
  if (fetchFaults && fetchFaults.domains > 0) {
    const text = `Senders report that they could not fetch a policy, and our own log says that the fault was ours, for example of ${fetchFaults.example}. Open its failed reports to see the evidence.`;
    servers.push({ ...about, severity: "warning", subject: "reported fetches", text });
  }
  return servers;
}

function judgeWatch(watch: OperatorFacts["watch"]): OperatorFinding[] {
  if (!watch) return [];
  const about = { code: "op.watch", severity: "critical" } as const;
  const found: OperatorFinding[] = [];
  if (watch.lagSeconds > LIMITS.watchSeconds) {
    const text =
      "Domains have not been judged for more than ten minutes after they were due, so alerts come late. Check the worker's log.";
    found.push({ ...about, subject: "judgements", text });
  }
  if ((watch.errors ?? 0) > 0) {
    const text =
      "Domains cannot be judged because of an error, so their alerts do not come. The log of the worker has the reason.";
    found.push({ ...about, subject: "errors", text });
  }
  if (watch.isLineDown) {
    const text =
      "Our own line to mail servers does not work: the control hosts cannot be reached. No alert about mail hosts opens until it does. Check that port 25 is open to the outside.";
    found.push({ ...about, subject: "own line", text });
  }
  return found;
}
