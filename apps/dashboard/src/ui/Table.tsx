import type { ReactNode } from "react";
import { Button } from "./Button.tsx";
import styles from "./Table.module.css";

export type Column<T> = {
  title: string;
  cell: (row: T) => ReactNode;
  /** Numbers stand at the right. */
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
  /** Below the last row. */
  footer?: ReactNode;
  /** The query that the rows came from: a button below asks it for the next page while there is one. */
  more?: Pages;
};

type Pages = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

export function Table<T>({ caption, columns, rows, rowKey, footer, more }: Props<T>) {
  return (
    <>
      {/* On narrow screens it scrolls, and what scrolls has to be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields */}
      <div role="group" aria-label={caption} tabIndex={0} className={styles.scroll}>
        <table className={styles.table}>
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.title} scope="col" className={cellClass(column)}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowKey(row)}>
                {columns.map((column) => (
                  <td key={column.title} className={cellClass(column)}>
                    {column.cell(row)}
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

function cellClass({ align, wideOnly }: Pick<Column<unknown>, "align" | "wideOnly">): string {
  return [align && styles.end, wideOnly && styles.wideOnly].filter(Boolean).join(" ");
}
