import styles from "./LineDiff.module.css";

const SIGNS = { added: "+", removed: "−", same: " " };
const WORDS = { added: "added", removed: "removed", same: "" };

type Line = { text: string; change: keyof typeof SIGNS };

/** Two files line by line; differences are shown by a sign and a word, not by colour alone. */
export function LineDiff({ lines, label }: { lines: readonly Line[]; label: string }) {
  return (
    <ol className={styles.diff} aria-label={label}>
      {lines.map(({ text, change }) => (
        <li key={`${change} ${text}`} className={styles[change]}>
          <span aria-hidden="true">{SIGNS[change]}</span>
          <code>{text}</code>
          {change !== "same" && <span className="visually-hidden">({WORDS[change]})</span>}
        </li>
      ))}
    </ol>
  );
}
