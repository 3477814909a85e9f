import { type FormEvent, type ReactNode, useEffect } from "react";
import styles from "./FrontPage.module.css";
import { Text } from "./Text.tsx";

type Props = {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  other?: ReactNode;
  /** Whose page it is, above the title. */
  mark?: ReactNode;
  /** Links at the top right. */
  links?: ReactNode;
  /** Room for tables rather than for a form. */
  wide?: boolean;
};

/** The frame of the pages that need no sign-in. */
export function FrontPage({ title, lead, children, other, mark, links, wide }: Props) {
  // The document's title is outside React's tree.
  useEffect(() => {
    document.title = `${title} · Waxseal`;
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <a href="/">
          <img src="/seal.svg" alt="" width="24" height="24" />
          Waxseal
        </a>
        {links && <nav aria-label="Elsewhere">{links}</nav>}
      </header>
      <main className={`${styles.main} ${wide ? styles.wide : ""}`}>
        <div className={styles.card}>
          {mark}
          <div>
            <h1>{title}</h1>
            {lead && <Text tone="soft">{lead}</Text>}
          </div>
          {children}
          {other && <p className={styles.other}>{other}</p>}
        </div>
      </main>
    </div>
  );
}

/** A form that is sent by script; `label` names it. */
export function FrontForm({
  label,
  onSend,
  children,
}: {
  label: string;
  onSend: () => void;
  children: ReactNode;
}) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSend();
  };
  return (
    <form className={styles.form} aria-label={label} onSubmit={send} noValidate>
      {children}
    </form>
  );
}
