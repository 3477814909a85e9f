import { useSuspenseQuery } from "@tanstack/react-query";
import type { FailureClusterView } from "../../api/contract.ts";
import { NetworkSources } from "../../api/NetworkSources.tsx";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { clustersQuery, type ReportRange } from "../../api/reports.ts";
import { formatCount } from "../../format/counts.ts";
import { Details } from "../../ui/Details.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";
import styles from "./ClusterPanel.module.css";
import { FailureCluster } from "./FailureCluster.tsx";
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
  const groups = [...Map.groupBy(clusters, (cluster) => `${cluster.resultType} ${cluster.mxHost}`).entries()];
  const [first, rest] = [groups.slice(0, SHOWN), groups.slice(SHOWN)];
  return (
    <Stack>
      <GroupList groups={first} range={range} />
      {rest.length > 0 && (
        <Details title={`Show ${formatCount(rest.length)} more`}>
          <GroupList groups={rest} range={range} />
        </Details>
      )}
      <NetworkSources />
    </Stack>
  );
}

type Group = [key: string, clusters: FailureClusterView[]];

function GroupList({ groups, range }: { groups: Group[]; range: ReportRange }) {
  return (
    <ul className={styles.clusters}>
      {groups.map(([key, clusters]) => (
        <li key={key}>
          <ClusterGroup clusters={clusters} range={range} />
        </li>
      ))}
    </ul>
  );
}

/** One thing that failed: what it means is said once, whoever reported it. */
function ClusterGroup({ clusters, range }: { clusters: FailureClusterView[]; range: ReportRange }) {
  const [first] = clusters;
  if (!first) return null;
  return (
    <Stack gap={2}>
      <h3 className={styles.title}>
        {first.title}
        {first.mxHost && <code> {first.mxHost}</code>}
      </h3>
      <Text>
        {first.meaning} <strong>{formatFixOwner(first.fixedBy)}</strong> must mend it: {first.nextStep}
      </Text>
      {clusters.map((cluster) => (
        <FailureCluster key={`${cluster.reporter} ${cluster.reasonCode}`} cluster={cluster} range={range} />
      ))}
    </Stack>
  );
}
