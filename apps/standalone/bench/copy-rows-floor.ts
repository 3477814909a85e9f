import { gunzipSync } from "node:zlib";
import pg from "pg";
import type { BenchMails } from "./store-bench-mails.ts";

/** A report as the floor reads it: no check of anything. */
type WireReport = {
  "report-id": string;
  "organization-name": string;
  policies: {
    policy: { "policy-type": string; "policy-domain": string };
    summary: Record<string, number>;
    "failure-details"?: Record<string, string | number>[];
  }[];
};

const TABLES = `
  create schema floor;
  create table floor.message (like report_message including indexes);
  create table floor.report (like tls_report including defaults, primary key (account_id, report_day, id), unique (account_id, report_day, identity));
  create table floor.sessions (id bigint generated always as identity, domain text, day text, reporter text, policy_type text, successful bigint, failed bigint);
  create table floor.failures (domain text, day text, reporter text, policy_type text, result_type text, ip text, mx text, reason text, failed bigint,
    primary key (domain, day, reporter, policy_type, result_type, ip, mx, reason));`;

/**
 * The least that any import could do: inflate, JSON.parse, and COPY of the message, the report, its sessions and its failures, one by one
 * unchecked, into tables with the same keys. The caller sees to it that no key repeats.
 */
export async function copyRowsFloor(
  databaseUrl: string,
  mails: BenchMails,
  batchSize: number,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(TABLES);
  for (let at = 0; at < mails.count; at += batchSize) {
    const lines: Record<"message" | "report" | "sessions" | "failures", string[]> = {
      message: [],
      report: [],
      sessions: [],
      failures: [],
    };
    for (const { gzip, raw, day, id } of mails.read(at, batchSize)) {
      const report: WireReport = JSON.parse(gunzipSync(gzip).toString());
      const reporter = report["organization-name"];
      const reportId = report["report-id"];
      lines.message.push(
        `a\t${id}\t\\N\t\\N\timport\t${day}\t\\N\t\\N\t\\N\t\\N\t${id}\t\\\\x${raw.toString("hex")}\treceived\t\\N\t\\N\t0\t\\N`,
      );
      const policies = JSON.stringify(report.policies).replaceAll("\\", "\\\\");
      lines.report.push(
        `a\t${day}\t${id}\t${id}\t${id}\t${reporter}\t\\N\t\\N\t${reportId}\t${day}\t${day}\t1\t1\t{}\tunknown\timport\t{}\t${id}\t${policies}\t${day}`,
      );
      for (const { policy, summary, "failure-details": details = [] } of report.policies) {
        const place = `${policy["policy-domain"]}\t${day}\t${reporter}\t${policy["policy-type"]}`;
        lines.sessions.push(
          `${place}\t${summary["total-successful-session-count"]}\t${summary["total-failure-session-count"]}`,
        );
        for (const detail of details) {
          lines.failures.push(
            `${place}\t${detail["result-type"]}\t${detail["sending-mta-ip"]}\t${detail["receiving-mx-hostname"]}\t\t${detail["failed-session-count"]}`,
          );
        }
      }
    }
    await client.query("begin");
    await copy(client, "floor.message", lines.message);
    await copy(client, "floor.report", lines.report);
    await copy(
      client,
      "floor.sessions (domain, day, reporter, policy_type, successful, failed)",
      lines.sessions,
    );
    await copy(client, "floor.failures", lines.failures);
    await client.query("commit");
  }
  await client.end();
}

/** pg can send COPY data but has no query for it: this is the smallest one. */
function copy(client: pg.Client, table: string, lines: readonly string[]): Promise<void> {
  const data = Buffer.from(`${lines.join("\n")}\n`);
  return new Promise((resolve, reject) => {
    const query: pg.Submittable & CopyHandlers = {
      submit: (connection) => connection.query(`copy ${table} from stdin`),
      handleCopyInResponse: (connection) => {
        connection.sendCopyFromChunk(data);
        connection.endCopyFrom();
      },
      handleCommandComplete: () => undefined,
      handleReadyForQuery: () => resolve(),
      handleError: reject,
    };
    client.query(query);
  });
}

/** What pg calls on a query, as far as COPY needs it; its types leave that out. */
type CopyHandlers = {
  handleCopyInResponse(connection: { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }): void;
  handleCommandComplete(): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
};
