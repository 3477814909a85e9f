import { type ReactNode, useState } from "react";
import styles from "./Details.module.css";

type Props = {
  title: string;
  children: ReactNode;
  /** Open from the start, such as for an error inside. */
  opened?: boolean;
};

/** A section whose content is rendered when a person opens it. */
export function Details({ title, children, opened = false }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const [wasOpened, setWasOpened] = useState(false);
  return (
    <details
      className={styles.details}
      open={isOpen || opened}
      onToggle={({ currentTarget }) => {
        setIsOpen(currentTarget.open);
        setWasOpened(true);
      }}
    >
      <summary>{title}</summary>
      <div className={styles.content}>{(wasOpened || opened) && children}</div>
    </details>
  );
}
