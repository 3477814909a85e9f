import { useSuspenseQuery } from "@tanstack/react-query";
import { formatFixOwner } from "@waxseal/contract/monthly-words";
import type { FailureClusterView } from "../../api/contract.ts";
import { NetworkSources } from "../../api/NetworkSources.tsx";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { clustersQuery, type ReportFilter } from "../../api/reports.ts";
import { formatCount } from "../../format/counts.ts";
import { Details } from "../../ui/Details.tsx";
import { HostName } from "../../ui/HostName.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";
import styles from "./ClusterPanel.module.css";
import { panelHint } from "./describe-proven.ts";
import { FailureCluster } from "./FailureCluster.tsx";

const SHOWN = 5;

type Props = { range: ReportFilter };

/** Failures by cause: what each means, who needs to fix it, the evidence, and what to write to them. */
export function ClusterPanel(props: Props) {
  return (
    <Panel
      title="What failed and who can fix it"
      hint={panelHint("Similar failures are grouped.", props.range.trust)}
    >
      <QueryBoundary height={240}>
        <Clusters {...props} />
      </QueryBoundary>
    </Panel>
  );
}

function Clusters({ range }: Props) {
  const { items: clusters } = useSuspenseQuery(clustersQuery(range)).data;
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

function ClusterList({ clusters, range }: { clusters: FailureClusterView[]; range: ReportFilter }) {
  return (
    <ul className={styles.clusters}>
      {clusters.map((cluster) => (
        <li key={`${cluster.cause} ${cluster.mxHost}`}>
          <Cluster cluster={cluster} range={range} />
        </li>
      ))}
    </ul>
  );
}

function Cluster({ cluster, range }: { cluster: FailureClusterView; range: ReportFilter }) {
  const { title, mxHost, meaning, outcome, fixedBy, nextStep } = cluster;
  return (
    <Stack gap={2}>
      <h3 className={styles.title}>
        {title}
        {mxHost && (
          <code>
            {" "}
            <HostName name={mxHost} />
          </code>
        )}
      </h3>
      <Text>
        {meaning} {outcome}
      </Text>
      <Text>
        {fixedBy !== "nobody" && (
          <>
            Who needs to fix it: <strong>{formatFixOwner(fixedBy)}</strong>.{" "}
          </>
        )}
        {nextStep}
      </Text>
      <FailureCluster cluster={cluster} range={range} />
    </Stack>
  );
}
