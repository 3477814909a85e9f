import { Link } from "@tanstack/react-router";
import { formatDay } from "@waxseal/contract/format-instant";
import type { HomeView } from "../../api/contract.ts";
import { formatCount, formatCountOf } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Panel } from "../../ui/Panel.tsx";
import styles from "./Home.module.css";

/** What comes next: waves of bulk changes, domains that are ready to enforce, certificates that expire, reporters that fell silent. */
export function NextUp({ home }: { home: HomeView }) {
  const { ready, readyTotal, expiring, silent, waves } = home.next;
  if (ready.length + expiring.length + silent.length + waves.length === 0) {
    return (
      <Panel title="What is next">
        <EmptyState
          title="Nothing is due"
          body="Domains that are ready to enforce, certificates that expire soon and senders that stopped reporting appear here."
        />
      </Panel>
    );
  }
  return (
    <Panel flush title="What is next">
      <ul className={styles.lines} aria-label="What is next">
        {waves.map(({ changeId, wave, domains, beginsAt }) => (
          <li key={changeId}>
            <Link to={paths.policyChange({ changeId })}>{`Wave ${wave} of a bulk change`}</Link>
            {`, ${formatCountOf(domains, "domain")} waiting: `}
            {beginsAt === null ? "being applied" : <Instant at={beginsAt} exact />}
          </li>
        ))}
        {ready.map(({ domainId, accountId, domain, customer }) => (
          <li key={domainId}>
            <Link to={paths.policy({ domainId })} params={{ account: accountId }}>
              {domain}
            </Link>{" "}
            is ready to enforce{customer && <span className={styles.faint}> ({customer})</span>}
          </li>
        ))}
        {readyTotal > ready.length && (
          <li>{`${formatCount(readyTotal - ready.length)} more are ready to enforce`}</li>
        )}
        {expiring.map(({ host, notAfter, domains, domainId, accountId }) => (
          <li key={host}>
            The certificate of{" "}
            <Link to={paths.domain({ domainId })} params={{ account: accountId }}>
              {host}
            </Link>{" "}
            expires on {formatDay(notAfter)}
            {domains > 1 && ` (${formatCountOf(domains, "domain")})`}
          </li>
        ))}
        {silent.map(({ reporter, lastDay }) => (
          <li key={reporter}>{`${reporter} has sent no report since ${formatDay(lastDay)}`}</li>
        ))}
      </ul>
    </Panel>
  );
}
