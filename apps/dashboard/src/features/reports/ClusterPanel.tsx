import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { FailureClusterView } from "../../api/contract.ts";
import { NetworkSources } from "../../api/NetworkSources.tsx";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { clustersQuery, type ReportRange } from "../../api/reports.ts";
import { formatCount, formatCountOf, formatShare } from "../../format/counts.ts";
import { formatNetwork } from "../../format/networks.ts";
import { formatDay } from "../../format/utc-days.ts";
import { paths } from "../../paths.ts";
import { CopyText } from "../../ui/CopyText.tsx";
import { Details } from "../../ui/Details.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { Inset } from "../../ui/Inset.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status, type Tone } from "../../ui/Status.tsx";
import { Text } from "../../ui/Text.tsx";
import styles from "./ClusterPanel.module.css";
import { formatFixOwner } from "./report-words.ts";

const SHOWN = 5;

type Props = {
  range: ReportRange;
  /** Only failures that this reporter saw, or of this result type. */
  source?: string | undefined;
  result?: string | undefined;
};

/** Failures that are alike: what each means, who must mend it, the evidence, and what to write to them. */
export function ClusterPanel(props: Props) {
  return (
    <Panel title="What failed, and whose move it is" hint="Failures that are alike stand together.">
      <QueryBoundary height={240}>
        <Clusters {...props} />
      </QueryBoundary>
    </Panel>
  );
}

function Clusters({ range, source, result }: Props) {
  const filter = { ...range, ...(source && { source }), ...(result && { result }) };
  const { items: clusters } = useSuspenseQuery(clustersQuery(filter)).data;
  if (clusters.length === 0) return <Text tone="soft">No session failed in these days.</Text>;
  const [first, rest] = [clusters.slice(0, SHOWN), clusters.slice(SHOWN)];
  return (
    <Stack>
      <ClusterList clusters={first} range={range} />
      {rest.length > 0 && (
        <Details title={`Show ${formatCount(rest.length)} more`}>
          <ClusterList clusters={rest} range={range} />
        </Details>
      )}
      <NetworkSources />
    </Stack>
  );
}

function ClusterList({ clusters, range }: { clusters: FailureClusterView[]; range: ReportRange }) {
  return (
    <ul className={styles.clusters}>
      {clusters.map((cluster) => (
        <li key={[cluster.resultType, cluster.mxHost, cluster.reporter, cluster.reasonCode].join(" ")}>
          <Cluster cluster={cluster} range={range} />
        </li>
      ))}
    </ul>
  );
}

const TRENDS = {
  new: { tone: "notice", word: "New" },
  rising: { tone: "bad", word: "Rising" },
  steady: { tone: "idle", word: "Steady" },
  falling: { tone: "good", word: "Falling" },
} satisfies Record<FailureClusterView["trend"]["direction"], { tone: Tone; word: string }>;

function Cluster({ cluster, range }: { cluster: FailureClusterView; range: ReportRange }) {
  const { tone, word } = TRENDS[cluster.trend.direction];
  const { resultType: result, reporter: source } = cluster;
  return (
    <Stack gap={2}>
      <div className={styles.head}>
        <h3>
          {cluster.title}
          {cluster.mxHost && <code> {cluster.mxHost}</code>}
        </h3>
        <Status tone={tone}>{word}</Status>
      </div>
      <Text>
        {cluster.meaning} <strong>{formatFixOwner(cluster.fixedBy)}</strong> must mend it: {cluster.nextStep}
      </Text>
      <Text tone="soft" small>
        {formatCountOf(cluster.failedSessions, "session")} ({formatShare(cluster.share)} of all),{" "}
        {formatDays(cluster)}
        {source && `, reported by ${source}`}.{" "}
        <Link to={paths.reportList()} search={{ ...range, result, ...(source && { source }) }}>
          Reports with these failures
        </Link>
      </Text>
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
    </Stack>
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
