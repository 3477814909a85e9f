import { type FormEvent, type ReactNode, useEffect } from "react";
import { Text } from "../../ui/Text.tsx";
import styles from "./FrontPage.module.css";

type Props = { title: string; lead?: ReactNode; children: ReactNode; other?: ReactNode };

/** The frame of the pages before signing in. */
export function FrontPage({ title, lead, children, other }: Props) {
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
      </header>
      <main className={styles.main}>
        <div className={styles.card}>
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
