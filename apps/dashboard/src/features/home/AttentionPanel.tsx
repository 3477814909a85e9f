import { Link } from "@tanstack/react-router";
import type { HomeView } from "../../api/contract.ts";
import { describeHealth } from "../../api/describe-health.ts";
import { formatCountOf } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { HostName } from "../../ui/HostName.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import styles from "./Home.module.css";

type Item = HomeView["attention"]["items"][number];

/** What needs a person, the worst first, with one action each. */
export function AttentionPanel({ home }: { home: HomeView }) {
  const { items, total } = home.attention;
  if (total === 0) return null;
  const list = home.customers > 0 ? paths.portfolio() : paths.domains();
  return (
    <Panel
      flush
      title="Needs attention"
      hint={
        total > items.length ? `The worst ${items.length} of ${formatCountOf(total, "domain")}.` : undefined
      }
      actions={
        total > items.length && (
          <Link to={list} search={{ health: "attention" }} className={buttonClass("secondary", true)}>
            {`Show all ${total}`}
          </Link>
        )
      }
    >
      <ul className={styles.rows} aria-label="Needs attention">
        {items.map((item) => (
          <li key={item.domainId}>
            <AttentionRow item={item} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function AttentionRow({ item }: { item: Item }) {
  const { domainId, accountId, domain, customer, health, action } = item;
  const { tone, word } = describeHealth({ status: "active", health });
  const to = pageOf(health.code, domainId);
  return (
    <>
      <div className={styles.what}>
        <Link to={paths.domain({ domainId })} params={{ account: accountId }}>
          <HostName name={domain} />
        </Link>
        {customer && <span className={styles.faint}>{customer}</span>}
        <span>{health.reason}</span>
        {health.since && (
          <span className={styles.faint}>
            Since <Instant at={health.since} />
          </span>
        )}
      </div>
      <Status tone={tone}>{word}</Status>
      <Link
        to={to}
        params={{ account: accountId }}
        className={buttonClass("secondary", true)}
        aria-label={`${action}: ${domain}`}
      >
        {action}
      </Link>
    </>
  );
}

function pageOf(code: string | null, domainId: string): string {
  if (code === "mx.uncovered" || code === "mx.migration") return paths.policy({ domainId });
  return code?.startsWith("failures.") || code === "reports.silent"
    ? paths.domainReports({ domainId })
    : paths.domain({ domainId });
}
