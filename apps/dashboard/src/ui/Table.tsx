import type { ReactNode } from "react";
import { Button } from "./Button.tsx";
import styles from "./Table.module.css";

export type Column<T> = {
  title: string;
  cell: (row: T) => ReactNode;
  /** Numbers are aligned right. */
  align?: "end";
  /** Left out on narrow screens. */
  wideOnly?: boolean;
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
  return (
    <>
      {/* On narrow screens it scrolls, and what scrolls has to be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields */}
      <div role="group" aria-label={caption} tabIndex={0} className={styles.scroll}>
        <table className={`${styles.table} ${stacked ? styles.stacked : ""}`} {...(stacked && ROLES.table)}>
          <caption className="visually-hidden">{caption}</caption>
          <thead {...(stacked && ROLES.group)}>
            <tr {...(stacked && ROLES.row)}>
              {columns.map((column) => (
                <th key={column.title} scope="col" className={cellClass(column)} {...(stacked && ROLES.head)}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody {...(stacked && ROLES.group)}>
            {rows.map((row) => (
              <tr key={rowKey(row)} {...(stacked && ROLES.row)}>
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
            ))}
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

/** What is laid out as blocks is a table for screen readers only when it says so. */
const ROLES = {
  table: { role: "table" },
  group: { role: "rowgroup" },
  row: { role: "row" },
  head: { role: "columnheader" },
  cell: { role: "cell" },
} as const;

function cellClass({ align, wideOnly }: Pick<Column<unknown>, "align" | "wideOnly">): string {
  return [align && styles.end, wideOnly && styles.wideOnly].filter(Boolean).join(" ");
}
