import styles from "./Status.module.css";

/**
 * good: disc with a tick; working: turning ring, for what we do right now; waiting: still clock, for what someone else does; notice:
 * triangle; bad: diamond; idle: hollow ring.
 */
export type Tone = "good" | "working" | "waiting" | "notice" | "bad" | "idle";

/** A state as word, shape and colour; the word alone is enough. */
export function Status({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={`${styles.status} ${styles[tone]}`}>
      <StatusShape tone={tone} />
      {children}
    </span>
  );
}

/** The shape of a state without its word, for places where the word is beside it. */
export function StatusShape({ tone }: { tone: Tone }) {
  return (
    <svg
      width="14"
      height="14"
      viewBox="0 0 14 14"
      aria-hidden="true"
      focusable="false"
      className={styles[tone]}
    >
      {SHAPES[tone]}
    </svg>
  );
}

const SHAPES = {
  good: (
    <>
      <circle cx="7" cy="7" r="7" fill="currentColor" />
      <path
        d="m4 7.2 2.1 2.100L10 5"
        fill="none"
        stroke="var(--panel)"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
    </>
  ),
  working: (
    <>
      <circle cx="7" cy="7" r="5.5" fill="none" stroke="currentColor" strokeOpacity=".3" strokeWidth="2" />
      <circle
        cx="7"
        cy="7"
        r="5.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeDasharray="11 24"
      />
    </>
  ),
  waiting: (
    <>
      <circle cx="7" cy="7" r="6" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path
        d="M7 3.600V7l2.300 1.500"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
      />
    </>
  ),
  notice: (
    <>
      <path d="M7 .8 13.6 12.800H.4Z" fill="currentColor" />
      <path d="M7 5v3.500m0 2v.1" stroke="var(--panel)" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  bad: (
    <>
      <path d="M7 0 14 7 7 14 0 7Z" fill="currentColor" />
      <path d="M7 3.800v3.700m0 2.200v.1" stroke="var(--panel)" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  idle: (
    <circle
      cx="7"
      cy="7"
      r="5.5"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeDasharray="2.5 2"
    />
  ),
} satisfies Record<Tone, React.ReactNode>;
