import { diffPolicyFiles } from "./diff-policy-files.ts";
import styles from "./PolicyDiff.module.css";

const SIGNS = { added: "+", removed: "−", same: " " };
const WORDS = { added: "added", removed: "removed", same: "" };

/** Two policy files line by line; what changed is said by sign and word, not by colour alone. */
export function PolicyDiff({ before, after }: { before: string; after: string }) {
  return (
    <ol className={styles.diff} aria-label="Changes, line by line">
      {diffPolicyFiles(before, after).map(({ text, change }) => (
        <li key={`${change} ${text}`} className={styles[change]}>
          <span aria-hidden="true">{SIGNS[change]}</span>
          <code>{text}</code>
          {change !== "same" && <span className="visually-hidden">({WORDS[change]})</span>}
        </li>
      ))}
    </ol>
  );
}
