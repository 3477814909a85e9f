import { useMutation, useQueryClient, useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useDeferredValue, useEffect, useMemo, useRef } from "react";
import { switchAccount } from "../../api/account.ts";
import type { PortfolioView } from "../../api/contract.ts";
import { type PortfolioFilter, portfolioQuery } from "../../api/customers.ts";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Status, type Tone } from "../../ui/Status.tsx";
import styles from "./PortfolioPage.module.css";

type PortfolioRow = PortfolioView["items"][number];
type Open = (row: PortfolioRow) => void;

/** The rows of the list of all domains; further pages come as they scroll into sight. */
export function PortfolioList({ filter, isFiltered }: { filter: PortfolioFilter; isFiltered: boolean }) {
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useSuspenseInfiniteQuery(
    portfolioQuery(useDeferredValue(filter)),
  );
  const open = useOpenDomain();
  const rows = useMemo(() => data.pages.flatMap((page) => page.items), [data.pages]);
  if (rows.length === 0) return <Nothing isFiltered={isFiltered} />;
  return (
    <>
      <ErrorNotice error={open.error} />
      <Rows rows={rows} open={open.mutate} />
      {hasNextPage && <More busy={isFetchingNextPage} load={() => void fetchNextPage()} />}
    </>
  );
}

/** A domain of a customer is opened by working in the customer's account. */
function useOpenDomain() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (row: PortfolioRow) => {
      if (row.customer !== null) await switchAccount(row.accountId);
    },
    onSuccess: async (_, row) => {
      if (row.customer !== null) await queryClient.resetQueries();
      await navigate({ to: paths.domain({ domainId: row.id }) });
    },
  });
}

const ROW_HEIGHT_PX = 62;

/** Only the rows in sight and a few around them are in the document: 5,000 scroll as 50 do. */
function Rows({ rows, open }: { rows: readonly PortfolioRow[]; open: Open }) {
  const list = useRef<HTMLUListElement>(null);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: 12,
    scrollMargin: list.current?.offsetTop ?? 0,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  return (
    <ul
      ref={list}
      aria-label="All domains"
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
              <div className={styles.name}>
                <button type="button" onClick={() => open(row)}>
                  {row.domain}
                </button>
                <span>{row.sentence}</span>
              </div>
              <span className={styles.customer}>{row.customer ?? "Own"}</span>
              <State row={row} />
            </li>
          )
        );
      })}
    </ul>
  );
}

function State({ row }: { row: PortfolioRow }) {
  const { tone, word } =
    row.problem && row.state !== "problem" ? STATE_WORDS.problem : STATE_WORDS[row.state];
  return <Status tone={tone}>{word}</Status>;
}

const STATE_WORDS: Record<PortfolioRow["state"], { tone: Tone; word: string }> = {
  problem: { tone: "bad", word: "Needs attention" },
  pending: { tone: "working", word: "Setting up" },
  active: { tone: "good", word: "Active" },
  leaving: { tone: "working", word: "Turning off" },
  left: { tone: "idle", word: "Off" },
};

function More({ busy, load }: { busy: boolean; load: () => void }) {
  const end = useRef<HTMLDivElement>(null);
  // The browser alone knows when the end of the list comes into sight.
  useEffect(() => {
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!busy && entries.some(({ isIntersecting }) => isIntersecting)) load();
      },
      { rootMargin: "1200px" },
    );
    if (end.current) watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [busy, load]);
  return (
    <div ref={end} className={styles.more}>
      <Button busy={busy} onClick={load}>
        Show more
      </Button>
    </div>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return <EmptyState minHeight={320} title="No domain matches" body="Change the search or the state." />;
  }
  return (
    <EmptyState
      minHeight={320}
      title="No domain yet"
      body="Bring in your customers' domains as a list or a CSV file."
      action={
        <Link to={paths.addDomains()} className={buttonClass("primary")}>
          Add many
        </Link>
      }
    />
  );
}
