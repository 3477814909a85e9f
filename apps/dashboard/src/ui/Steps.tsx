import type { ReactNode } from "react";
import { StatusShape, type Tone } from "./Status.tsx";
import styles from "./Steps.module.css";

export type Step = {
  key: string;
  tone: Tone;
  word: string;
  title: string;
  detail?: ReactNode;
  at?: ReactNode;
};

/** Steps in order, each with its state in a word for screen readers. */
export function Steps({ label, steps }: { label: string; steps: readonly Step[] }) {
  return (
    <ol className={styles.steps} aria-label={label}>
      {steps.map((step) => (
        <li key={step.key} className={`${styles.step} ${step.tone === "idle" ? styles.waiting : ""}`}>
          <StatusShape tone={step.tone} />
          <div className={styles.title}>
            {step.title} <span className="visually-hidden">({step.word})</span>
          </div>
          <div className={styles.at}>{step.at}</div>
          {step.detail && <div className={styles.detail}>{step.detail}</div>}
        </li>
      ))}
    </ol>
  );
}
