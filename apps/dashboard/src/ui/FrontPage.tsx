import { type ReactNode, useEffect } from "react";
import { Form } from "./Form.tsx";
import styles from "./FrontPage.module.css";
import { Text } from "./Text.tsx";
import { type BrandColors, useBrandColors } from "./use-brand-colors.ts";

/** On a host of an account the server writes whose it is into the page. */
const SITE: { name: string; colors: BrandColors | null } | null = JSON.parse(
  document.querySelector<HTMLMetaElement>('meta[name="waxseal-site"]')?.content ?? "null",
);

type Props = {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  other?: ReactNode;
  /** Name or logo of the page's owner, above the title. */
  mark?: ReactNode;
  /** Links at the top right. */
  links?: ReactNode;
  /** What is beside the form where there is room: what one signs in to. */
  face?: ReactNode;
  /** Room for tables rather than for a form. */
  wide?: boolean;
};

/** The frame of the pages that need no sign-in. */
export function FrontPage({ title, lead, children, other, mark, links, face, wide }: Props) {
  const card = (
    <div className={styles.card}>
      {mark}
      <div>
        <h1>{title}</h1>
        {lead && <Text tone="soft">{lead}</Text>}
      </div>
      {children}
      {other && <p className={styles.other}>{other}</p>}
    </div>
  );
  return (
    <FrontFrame title={title} links={links}>
      {face ? (
        <div className={styles.withFace}>
          {card}
          {face}
        </div>
      ) : (
        <div className={`${styles.main} ${wide ? styles.wide : ""}`}>{card}</div>
      )}
    </FrontFrame>
  );
}

/** Name and links above a page that needs no sign-in. `title` is the document's. */
export function FrontFrame({
  title,
  links,
  children,
}: {
  title: string;
  links?: ReactNode;
  children: ReactNode;
}) {
  useBrandColors(SITE?.colors);
  // The document's title is outside React's tree.
  useEffect(() => {
    document.title = `${title} · ${SITE?.name ?? "Waxseal"}`;
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        {SITE ? (
          <strong>{SITE.name}</strong>
        ) : (
          <a href="/">
            <img src="/seal.svg" alt="" width="24" height="24" />
            Waxseal
          </a>
        )}
        {links && <nav aria-label="Elsewhere">{links}</nav>}
      </header>
      <main>{children}</main>
    </div>
  );
}

/** A form that is sent by script; `label` names it. */
export function FrontForm(props: { label: string; onSend: () => void; children: ReactNode }) {
  return <Form className={styles.form} {...props} />;
}
