import styles from "./SignInFace.module.css";

/** Beside the forms to sign in and up: what Waxseal does, in a picture and three lines. */
export function SignInFace() {
  return (
    <aside className={styles.face} aria-label="About Waxseal">
      <SealedLetter />
      <h2>Mail to your domain, encrypted on its way</h2>
      <ul className={styles.points}>
        <li>You publish three DNS records, once.</li>
        <li>Certificates and policies are issued, renewed and served for you.</li>
        <li>Every failed delivery is explained, with who needs to fix it.</li>
      </ul>
    </aside>
  );
}

function SealedLetter() {
  return (
    <svg className={styles.picture} viewBox="0 0 400 132" aria-hidden="true">
      <rect className={styles.plane} width="400" height="132" rx="12" />
      <path className={styles.way} d="M86 66H314" />
      {[36, 322].map((x) => (
        <g key={x}>
          {[38, 60, 82].map((y) => (
            <g key={y}>
              <rect className={styles.server} x={x} y={y} width="42" height="16" rx="4" />
              <circle className={styles.on} cx={x + 32} cy={y + 8} r="2.5" />
            </g>
          ))}
        </g>
      ))}
      <path className={styles.letter} d="M154 34h92v64h-92zM154 36l46 36 46-36" />
      <circle className={styles.seal} cx="200" cy="72" r="15" />
      <path className={styles.tick} d="m194 72 4.5 4.5 8-9" />
    </svg>
  );
}
