import type { ReactNode } from "react";
import styles from "./Inset.module.css";

type Props = {
  /** A line above, e.g. below a table. */
  ruled?: boolean;
  children: ReactNode;
};

/** Content with the usual margins inside a panel that is flush. */
export function Inset({ ruled, children }: Props) {
  return <div className={`${styles.inset} ${ruled ? styles.ruled : ""}`}>{children}</div>;
}
