/** What Postgres and initdb write before they give up, by what it contains, with what it means. */
const REASONS: readonly [pattern: RegExp, words: string][] = [
  [/No space left on device|Disk quota exceeded/, "its disk is full"],
  [/Address already in use|could not bind/, "another program uses its port"],
  [/lock file .* already exists|pre-existing shared memory/, "another Postgres uses the folder"],
  [
    /incompatible with server|initialized by PostgreSQL version/,
    "another version of Postgres made the folder",
  ],
  [/exists but is not empty|not a directory/, "the folder holds something else"],
  [/Permission denied|wrong ownership|invalid permissions/, "its user may not use the folder"],
  [/Read-only file system/, "the disk accepts only reads"],
  [/Input\/output error/, "the disk reports errors"],
  [/Cannot allocate memory|shared memory segment/, "the system lacks memory"],
  [/SIGKILL/, "it was killed, perhaps for lack of memory"],
  [
    /checkpoint record|invalid page|not a valid data directory|could not (?:open|read|access) (?:file|directory)|PANIC/,
    "files in the folder are missing or damaged",
  ],
  [/shutdown request|SIG(?:TERM|INT|QUIT)/, "something outside Waxseal stopped it"],
];

/** Why a Postgres ended or could not start, as a clause without a full stop, from its last words or signal. Never throws. */
export function explainPostgresEnd(words: string): string {
  return REASONS.find(([pattern]) => pattern.test(words))?.[1] ?? "the reason is in its log";
}
