import { Link } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { MX_WORDS } from "@waxseal/contract/health-words";
import { memo, type ReactNode, useRef } from "react";
import type { DomainSummaryView } from "../../api/contract.ts";
import { describeHealth } from "../../api/describe-health.ts";
import { ReportShare } from "../../api/ReportShare.tsx";
import { formatShortDay } from "../../format/utc-days.ts";
import { paths } from "../../paths.ts";
import { HostName } from "../../ui/HostName.tsx";
import { LoadMore } from "../../ui/LoadMore.tsx";
import { Status } from "../../ui/Status.tsx";
import styles from "./DomainRows.module.css";
import type { Selection } from "./use-selection.ts";

type Props<Row extends DomainSummaryView> = {
  label: string;
  rows: readonly Row[];
  selection: Selection;
  /** What is shown between name and state, e.g. the customer of the domain. */
  detail: (row: Row) => string;
  detailTitle: string;
  /** The account of a row, where it may be another one than that of the page. */
  accountOf?: (row: Row) => string;
  /** The query the rows came from: the next page comes as its end scrolls into sight. */
  more: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
};

const ROW_HEIGHT_PX = 62;
const TAGS_HEIGHT_PX = 24;

/** Domains to open or choose. Only the rows in sight and a few around them are in the document: 5,000 scroll as 50 do. */
export function DomainRows<Row extends DomainSummaryView>({
  label,
  rows,
  selection,
  detail,
  detailTitle,
  accountOf,
  more,
}: Props<Row>) {
  const list = useRef<HTMLUListElement>(null);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (index) => ROW_HEIGHT_PX + (rows[index]?.tags.length ? TAGS_HEIGHT_PX : 0),
    overscan: 6,
    scrollMargin: list.current?.offsetTop ?? 0,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  return (
    <>
      <ColumnTitles detail={detailTitle} />
      <ul
        ref={list}
        aria-label={label}
        className={styles.rows}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index];
          return (
            row && (
              <li
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                aria-setsize={rows.length}
                aria-posinset={index + 1}
                className={styles.row}
                style={{ transform: `translateY(${start - virtualizer.options.scrollMargin}px)` }}
              >
                <DomainRow
                  row={row}
                  detail={detail(row)}
                  isChosen={selection.has(row.id)}
                  toggle={selection.toggle}
                  account={accountOf?.(row)}
                />
              </li>
            )
          );
        })}
      </ul>
      {more.hasNextPage && (
        <LoadMore
          busy={more.isFetchingNextPage}
          load={() => void more.fetchNextPage()}
          className={styles.more}
        />
      )}
    </>
  );
}

type RowProps = {
  row: DomainSummaryView;
  detail: string;
  isChosen: boolean;
  toggle: (id: string) => void;
  account: string | undefined;
};

/** Drawn again only when something in it is another: scrolling draws the rows that come into sight. */
const DomainRow = memo(function DrawDomainRow({ row, detail, isChosen, toggle, account }: RowProps) {
  const { tone, word } = describeHealth(row);
  return (
    <>
      <input
        type="checkbox"
        aria-label={`Select ${row.domain}`}
        checked={isChosen}
        onChange={() => toggle(row.id)}
      />
      <div className={styles.name}>
        <Link to={paths.domain({ domainId: row.id })} params={account === undefined ? true : { account }}>
          <HostName name={row.domain} />
        </Link>
        <span>
          {row.sentence}
          {row.openAlerts > 1 && <strong> {row.openAlerts} alerts are open.</strong>}
        </span>
        {row.tags.length > 0 && (
          <ul className={styles.tags} aria-label="Tags">
            {row.tags.map((tag) => (
              <li key={tag}>{tag}</li>
            ))}
          </ul>
        )}
      </div>
      <span className={styles.detail}>{detail}</span>
      <Status tone={tone}>{word}</Status>
      <div className={styles.facts}>
        <Fact name="Successful, 14 days">
          <ReportShare reports={row.reports} />
        </Fact>
        <Fact name="Last report">{row.reports?.lastDay ? formatShortDay(row.reports.lastDay) : "–"}</Fact>
        <Fact name="Certificate until">
          {row.certificateNotAfter ? formatShortDay(row.certificateNotAfter.slice(0, 10)) : "–"}
        </Fact>
        <Fact name="Mail hosts">{MX_WORDS[row.mxState]}</Fact>
      </div>
    </>
  );
});

/** Its column's title is above the list on wide screens, and beside it on narrow ones. */
function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <span className={styles.fact}>
      <span className={styles.factName}>{name}: </span>
      {children}
    </span>
  );
}

/** For the eye: each row names its facts too. */
function ColumnTitles({ detail }: { detail: string }) {
  return (
    <div className={styles.titles} aria-hidden="true">
      <span />
      <span>Domain</span>
      <span>{detail}</span>
      <span>Health</span>
      <span>Successful, 14 days</span>
      <span>Last report</span>
      <span>Certificate</span>
      <span>Mail hosts</span>
    </div>
  );
}
