import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { formatDay } from "@waxseal/contract/format-instant";
import type { ReactNode } from "react";
import { digestQuery } from "../../api/alerts.ts";
import type { DigestView } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { formatCount, formatCountOf } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Stats } from "../../ui/Stats.tsx";
import { Text } from "../../ui/Text.tsx";
import { ToggleLinks } from "../../ui/ToggleLinks.tsx";
import styles from "./DigestPage.module.css";
import { readDigestSearch } from "./read-digest-search.ts";

const PERIODS = [
  ["daily", "Day"],
  ["weekly", "Week"],
  ["monthly", "Month"],
] as const;

/** What the summary by mail says, for a day, a week or a month. */
export function DigestPage() {
  const { period = "weekly" } = readDigestSearch(useSearch({ strict: false }));
  return (
    <>
      <PageHeader
        title="Summary"
        lead="The same that is mailed to members."
        actions={
          <ToggleLinks label="Period">
            {PERIODS.map(([value, word]) => (
              <Link
                key={value}
                to={paths.summary()}
                search={{ period: value }}
                activeProps={{}}
                activeOptions={{ exact: true }}
                aria-current={value === period ? "page" : undefined}
              >
                {word}
              </Link>
            ))}
          </ToggleLinks>
        }
      />
      <QueryBoundary height={360}>
        <Summary period={period} />
      </QueryBoundary>
    </>
  );
}

function Summary({ period }: { period: DigestView["period"] }) {
  const { data } = useSuspenseQuery(digestQuery(period));
  const days =
    data.from === data.to ? formatDay(data.from) : `${formatDay(data.from)} to ${formatDay(data.to)}`;
  return (
    <Stack>
      <Notice tone={data.needs.total > 0 ? "notice" : "good"} title={data.verdict}>
        {`${days}, UTC.`}
      </Notice>
      {data.figures && <Figures figures={data.figures} />}
      <Lines title="What needs you" empty="Nothing." count={data.needs.items.length}>
        {data.needs.items.map(({ domainId, accountId, domain, customer, text }) => (
          <li key={domainId}>
            <Link to={paths.domain({ domainId })} params={{ account: accountId }}>
              {domain}
            </Link>
            {`${customer ? ` (${customer})` : ""}: ${text}`}
          </li>
        ))}
      </Lines>
      <Lines title="What changed" empty="Nothing changed." count={data.changes.length}>
        {data.changes.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </Lines>
      <Lines
        title="Certificates of mail hosts that expire within 30 days"
        empty="None."
        count={data.expiring.length}
      >
        {data.expiring.map(({ host, notAfter, domains }) => (
          <li key={host}>{`${host}: ${formatDay(notAfter)} (${formatCountOf(domains, "domain")})`}</li>
        ))}
      </Lines>
      <Text tone="faint" small>
        <Link to={paths.notifications()}>Choose how often it is mailed to you</Link>
      </Text>
    </Stack>
  );
}

function Figures({ figures }: { figures: NonNullable<DigestView["figures"]> }) {
  return (
    <Stats
      items={[
        { name: "Connections", value: formatCount(figures.sessions), note: "In trusted reports" },
        {
          name: "Refused",
          value: formatCount(figures.failedSessions),
          note: "Or would be, if the policy were enforced",
        },
        { name: "Senders", value: formatCount(figures.senders), note: "That reported" },
      ]}
    />
  );
}

function Lines(props: { title: string; empty: string; count: number; children: ReactNode }) {
  return (
    <Panel title={props.title}>
      {props.count === 0 ? (
        <Text tone="soft">{props.empty}</Text>
      ) : (
        <ul className={styles.lines}>{props.children}</ul>
      )}
    </Panel>
  );
}
