import { Link } from "@tanstack/react-router";
import { formatDay } from "@waxseal/contract/format-instant";
import type { FailureClusterView } from "../../api/contract.ts";
import type { ReportRange } from "../../api/reports.ts";
import { formatCountOf, formatShare } from "../../format/counts.ts";
import { formatNetwork } from "../../format/networks.ts";
import { paths } from "../../paths.ts";
import { CopyText } from "../../ui/CopyText.tsx";
import { Details } from "../../ui/Details.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { Inset } from "../../ui/Inset.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Status, type Tone } from "../../ui/Status.tsx";
import { Text } from "../../ui/Text.tsx";
import styles from "./ClusterPanel.module.css";

const TRENDS = {
  new: { tone: "notice", word: "New" },
  rising: { tone: "bad", word: "Rising" },
  steady: { tone: "idle", word: "Steady" },
  falling: { tone: "good", word: "Falling" },
} satisfies Record<FailureClusterView["trend"]["direction"], { tone: Tone; word: string }>;

/** The failures of one reporter that are alike: how many, since when, the evidence, and what to write. */
export function FailureCluster({ cluster, range }: { cluster: FailureClusterView; range: ReportRange }) {
  const { tone, word } = TRENDS[cluster.trend.direction];
  const { resultType: result, reporter: source } = cluster;
  return (
    <div>
      <div className={styles.head}>
        <Text tone="soft" small>
          {formatCountOf(cluster.failedSessions, "session")} ({formatShare(cluster.share)} of all),{" "}
          {formatDays(cluster)}
          {source && `, reported by ${source}`}.{" "}
          <Link to={paths.reportList()} search={{ ...range, result, ...(source && { source }) }}>
            Reports with these failures
          </Link>
        </Text>
        <Status tone={tone}>{word}</Status>
      </div>
      <div>
        <Details title="Evidence">
          <Inset>
            <Facts
              items={{
                Domains: cluster.domains.join(", ") || null,
                Reason: cluster.reasonCode ? <code>{cluster.reasonCode}</code> : null,
                "Sent from": cluster.sendingAddresses.length > 0 ? <Addresses cluster={cluster} /> : null,
                "Period before": formatCountOf(cluster.trend.failedSessionsBefore, "failed session"),
                "Result type": <code>{result}</code>,
              }}
            />
          </Inset>
        </Details>
        <Details title="Message to send">
          <Inset>
            <Stack gap={2}>
              <CopyText name="subject" value={cluster.message.subject} />
              <CopyText name="message" value={cluster.message.body} />
              <Text small>
                <a href={mailtoUrl(cluster.message)}>Open it in your mail program</a>
              </Text>
            </Stack>
          </Inset>
        </Details>
      </div>
    </div>
  );
}

function formatDays({ firstDay, lastDay }: FailureClusterView): string {
  return firstDay === lastDay ? formatDay(firstDay) : `${formatDay(firstDay)} to ${formatDay(lastDay)}`;
}

function mailtoUrl({ subject, body }: FailureClusterView["message"]): string {
  return `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
}

function Addresses({ cluster }: { cluster: FailureClusterView }) {
  return (
    <ul className={styles.addresses}>
      {cluster.sendingAddresses.map(({ sendingMtaIp, failedSessions, network }) => (
        <li key={sendingMtaIp}>
          <code>{sendingMtaIp}</code>, {network && `${formatNetwork(network)}, `}
          {formatCountOf(failedSessions, "session")}
        </li>
      ))}
    </ul>
  );
}
