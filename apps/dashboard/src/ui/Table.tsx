import { compareNames } from "@waxseal/contract/compare-names";
import { lazy, type ReactNode, Suspense, useLayoutEffect, useRef, useState } from "react";
import type { TermName } from "../format/glossary.ts";
import { Button } from "./Button.tsx";
import type { RowAttributes } from "./LongRows.tsx";
import styles from "./Table.module.css";
import { Term } from "./Term.tsx";

/** A table with more rows than this keeps only those in sight in the document. */
const MAX_PLAIN_ROWS = 150;
/** Few tables are that long: the first page is loaded without it. */
const LongRows = lazy(async () => ({ default: (await import("./LongRows.tsx")).LongRows }));

export type Column<T> = {
  title: string;
  cell: (row: T) => ReactNode;
  /** A technical term of the title, explained by a "?" beside it. */
  term?: readonly [name: TermName, label: string];
  /** Numbers are aligned right. */
  align?: "end";
  /** Left out on narrow screens. */
  wideOnly?: boolean;
  /** What the rows can be sorted by here; null comes last. */
  sortBy?: (row: T) => string | number | null;
};

type Props<T> = {
  /** What the table lists; read by screen readers. */
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  /** On narrow screens each row is a block of named values, those of wide screens too; else the table scrolls. */
  stacked?: boolean;
  /** Below the last row. */
  footer?: ReactNode;
  /** The query that the rows came from: a button below asks it for the next page while there is one. */
  more?: Pages;
};

type Pages = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

export function Table<T>({ caption, columns, rows, rowKey, stacked = false, footer, more }: Props<T>) {
  const [sort, setSort] = useState<Sort>();
  const sorted = sortRows(rows, columns, sort);
  const isLong = sorted.length > MAX_PLAIN_ROWS;
  const table = useRef<HTMLTableElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const widths = useKeptWidths(table, isLong);
  const draw = (row: T, attributes: RowAttributes = {}) => (
    <BodyRow key={rowKey(row)} row={row} columns={columns} stacked={stacked} attributes={attributes} />
  );
  return (
    <>
      {/* On narrow screens it scrolls, and what scrolls has to be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields */}
      <div role="group" aria-label={caption} tabIndex={0} className={styles.scroll}>
        <table
          ref={table}
          className={[styles.table, stacked && styles.stacked, widths && styles.kept]
            .filter(Boolean)
            .join(" ")}
          aria-rowcount={isLong ? sorted.length + 1 : undefined}
          {...(stacked && ROLES.table)}
        >
          <caption className="visually-hidden">{caption}</caption>
          <thead {...(stacked && ROLES.group)}>
            <tr {...(stacked && ROLES.row)}>
              {columns.map((column, place) => (
                <th
                  key={column.title}
                  scope="col"
                  style={{ width: widths?.[place] }}
                  aria-sort={sort?.title === column.title ? sort.order : undefined}
                  className={cellClass(column)}
                  {...(stacked && ROLES.head)}
                >
                  {column.sortBy ? (
                    <button
                      type="button"
                      className={styles.sort}
                      onClick={() => setSort(nextSort(sort, column))}
                    >
                      {column.title}
                      <span aria-hidden="true">{sort?.title === column.title ? ARROWS[sort.order] : ""}</span>
                    </button>
                  ) : (
                    column.title
                  )}
                  {column.term && <Term name={column.term[0]} label={column.term[1]} />}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body} {...(stacked && ROLES.group)}>
            {isLong ? (
              <Suspense fallback={sorted.slice(0, MAX_PLAIN_ROWS).map((row) => draw(row))}>
                <LongRows
                  body={body}
                  count={sorted.length}
                  columns={columns.length}
                  draw={(index, attributes) => {
                    const row = sorted[index];
                    return row === undefined ? null : draw(row, attributes);
                  }}
                />
              </Suspense>
            ) : (
              sorted.map((row) => draw(row))
            )}
          </tbody>
        </table>
      </div>
      {footer && <div className={styles.more}>{footer}</div>}
      {more?.hasNextPage && (
        <div className={styles.more}>
          <Button busy={more.isFetchingNextPage} onClick={() => more.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

type BodyRowProps<T> = { row: T; columns: readonly Column<T>[]; stacked: boolean; attributes: RowAttributes };

function BodyRow<T>({ row, columns, stacked, attributes }: BodyRowProps<T>) {
  return (
    <tr {...(stacked && ROLES.row)} {...attributes}>
      {columns.map((column) => (
        <td
          key={column.title}
          className={cellClass(column)}
          data-title={column.title}
          {...(stacked && ROLES.cell)}
        >
          {stacked ? <div>{column.cell(row)}</div> : column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** The columns' widths as they were first: rows that scroll into sight do not move them. Undefined: as the content wants. */
function useKeptWidths(
  table: { current: HTMLTableElement | null },
  isKept: boolean,
): readonly string[] | undefined {
  const [widths, setWidths] = useState<readonly string[]>();
  // Only the browser knows how wide they are.
  useLayoutEffect(() => {
    const width = table.current?.offsetWidth;
    if (!isKept || !width) return setWidths(undefined);
    const heads = [...(table.current?.tHead?.rows[0]?.cells ?? [])];
    setWidths(heads.map((head) => `${(100 * head.offsetWidth) / width}%`));
  }, [table, isKept]);
  return widths;
}

/** What is laid out as blocks is a table for screen readers only when it says so. */
const ROLES = {
  table: { role: "table" },
  group: { role: "rowgroup" },
  row: { role: "row" },
  head: { role: "columnheader" },
  cell: { role: "cell" },
} as const;

type Sort = { title: string; order: "ascending" | "descending" };

const ARROWS = { ascending: " ↑", descending: " ↓" };

/** Numbers begin with the largest, names with A; the third click goes back to the order of before. */
function nextSort<T>(sort: Sort | undefined, { title, align }: Column<T>): Sort | undefined {
  const first = align === "end" ? "descending" : "ascending";
  if (sort?.title !== title) return { title, order: first };
  if (sort.order !== first) return undefined;
  return { title, order: first === "ascending" ? "descending" : "ascending" };
}

function sortRows<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  sort: Sort | undefined,
): readonly T[] {
  const sortBy = columns.find(({ title }) => title === sort?.title)?.sortBy;
  if (!sort || !sortBy) return rows;
  const sign = sort.order === "ascending" ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [first, second] = [sortBy(a), sortBy(b)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    if (typeof first === "number" && typeof second === "number") return sign * (first - second);
    return sign * compareNames(String(first), String(second));
  });
}

function cellClass({ align, wideOnly }: Pick<Column<unknown>, "align" | "wideOnly">): string {
  return [align && styles.end, wideOnly && styles.wideOnly].filter(Boolean).join(" ");
}
