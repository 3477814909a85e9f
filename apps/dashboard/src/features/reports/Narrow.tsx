import { Link } from "@tanstack/react-router";
import styles from "./ResultPanel.module.css";
import type { Narrowing, ReportSearch } from "./read-report-search.ts";

/** Narrows the whole page down to one row of a table. */
export function Narrow({
  name,
  value,
  title,
}: {
  name: keyof Narrowing | "days";
  value: string;
  title: string;
}) {
  return (
    <Link
      to="."
      search={(search: ReportSearch) => ({ ...search, [name]: value })}
      resetScroll={false}
      className={styles.narrow ?? ""}
      aria-label={`Only this: ${title}`}
    >
      Only this
    </Link>
  );
}
