import type { CheckFinding } from "../../api/contract.ts";
import { StatusShape, type Tone } from "../../ui/Status.tsx";
import styles from "./FindingList.module.css";

/** Findings, most serious first, each with its section and what to do. */
export function FindingList({ label, findings }: { label: string; findings: readonly CheckFinding[] }) {
  const sorted = [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return (
    <ul className={styles.findings} aria-label={label}>
      {sorted.map((finding) => (
        <li key={`${finding.code} ${finding.message}`}>
          <StatusShape tone={SEVERITIES[finding.severity].tone} />
          <div>
            <p>
              <strong>{SEVERITIES[finding.severity].word}.</strong> {finding.message}
            </p>
            {finding.fix && <p className={styles.fix}>{finding.fix}</p>}
          </div>
          {finding.rfc && <span className={styles.rfc}>{finding.rfc}</span>}
        </li>
      ))}
    </ul>
  );
}

const ORDER: readonly CheckFinding["severity"][] = ["error", "warning", "note", "ok"];

const SEVERITIES = {
  error: { tone: "bad", word: "Error" },
  warning: { tone: "notice", word: "Warning" },
  note: { tone: "idle", word: "Note" },
  ok: { tone: "good", word: "OK" },
} satisfies Record<CheckFinding["severity"], { tone: Tone; word: string }>;
