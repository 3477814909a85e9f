import styles from "./CodeBlock.module.css";

/** Text exactly as it is served or received. */
export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    // A region that scrolls has to be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section aria-label={label} tabIndex={0} className={styles.code}>
      <pre>{text}</pre>
    </section>
  );
}
