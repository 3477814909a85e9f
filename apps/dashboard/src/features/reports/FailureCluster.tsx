import { Link } from "@tanstack/react-router";
import { formatDay } from "@waxseal/contract/format-instant";
import type { FailureClusterView } from "../../api/contract.ts";
import type { ReportFilter } from "../../api/reports.ts";
import { formatCount, formatCountOf, formatShare } from "../../format/counts.ts";
import { formatNetwork } from "../../format/networks.ts";
import { paths } from "../../paths.ts";
import { CopyText } from "../../ui/CopyText.tsx";
import { Details } from "../../ui/Details.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { HostName } from "../../ui/HostName.tsx";
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

/** How many sessions failed of one cause, since when, who reported it, and what to write. */
export function FailureCluster({ cluster, range }: { cluster: FailureClusterView; range: ReportFilter }) {
  const { tone, word } =
    cluster.status.state === "over"
      ? ({ tone: "idle", word: "Over" } as const)
      : TRENDS[cluster.trend.direction];
  const { resultType: result, reporters } = cluster;
  const [first] = reporters;
  const source = reporters.length === 1 ? first?.reporter : undefined;
  const search = { ...range, result, ...(source && { source }) };
  return (
    <div>
      <div className={styles.head}>
        <Text tone="soft" small>
          {formatCountOf(cluster.failedSessions, "session")} ({formatShare(cluster.share)} of all senders'
          sessions), reported by {formatReporters(reporters)}. {formatProven(cluster)}
          {formatStatus(cluster)}{" "}
          <Link to={paths.reportList()} search={search}>
            Reports with these failures
          </Link>
          {cluster.mxHost && (
            <>
              {" · "}
              <Link
                to={paths.mxTest()}
                search={{ ...search, mx: cluster.mxHost, about: cluster.domains[0] ?? "" }}
              >
                Test <HostName name={cluster.mxHost} />
              </Link>
            </>
          )}
        </Text>
        <Status tone={tone}>{word}</Status>
      </div>
      <div>
        <Details title="Evidence">
          <Inset>
            <Facts
              items={{
                Domains: cluster.domains.join(", ") || null,
                "Reported by": <Reporters cluster={cluster} />,
                "Sent from": cluster.sendingAddresses.length > 0 ? <Addresses cluster={cluster} /> : null,
                "Period before": formatCountOf(cluster.trend.failedSessionsBefore, "failed session"),
                "Result type": <code>{Object.keys(cluster.byResult).join(", ")}</code>,
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

function formatStatus({ status: { state, since } }: FailureClusterView): string {
  return state === "over"
    ? `Over since ${formatDay(since)}: later reports do not list it.`
    : `Continuing since ${formatDay(since)}.`;
}

function formatProven({ failedSessions, provenFailedSessions }: FailureClusterView): string {
  if (provenFailedSessions === failedSessions) return "";
  if (provenFailedSessions === 0) return "None of them is proven. ";
  return `${formatCount(provenFailedSessions)} of them are in proven reports. `;
}

function formatReporters([first, ...others]: FailureClusterView["reporters"]): string {
  const name = first?.reporter || "an unnamed sender";
  return others.length === 0 ? name : `${name} and ${formatCountOf(others.length, "other sender")}`;
}

function Reporters({ cluster }: { cluster: FailureClusterView }) {
  return (
    <ul className={styles.addresses}>
      {cluster.reporters.map(({ reporter, trust, failedSessions, reasonCodes, firstDay, lastDay }) => (
        <li key={`${reporter} ${trust}`}>
          {reporter}
          {trust !== "aligned" && " (not proven)"}, {formatCountOf(failedSessions, "session")},{" "}
          {formatDay(firstDay)}
          {lastDay !== firstDay && ` to ${formatDay(lastDay)}`}
          {reasonCodes.length > 0 && (
            <>
              , reason: <code>{reasonCodes.join(", ")}</code>
            </>
          )}
        </li>
      ))}
    </ul>
  );
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
