import type { SqlDatabase } from "@waxseal/db/sql";

/** Whether `SECRET_KEYS` open what is stored, and if not, how much they do not, in words; `true` also while it cannot be asked. */
export type KeysNeed = () => Promise<true | string>;

const ASK_AGAIN_MS = 10_000;
/** The newest: what was sealed before is sealed again when keys rotate. */
const TRIED = 200;

/**
 * Tries `SECRET_KEYS` on the keys of certificates in use, and with `hasAccounts` on those of accounts at CAs, until all open, at most every
 * ten seconds; then never again: one damaged row must not take every process out of service. A process with wrong keys would seal what
 * no other process can open.
 */
export function watchKeys(
  db: SqlDatabase,
  openKey: (jwe: string) => unknown,
  { hasAccounts = false }: { hasAccounts?: boolean } = {},
): KeysNeed {
  let isRight = false;
  let asked: { atMs: number; answer: Promise<true | string> } | undefined;

  async function ask(): Promise<true | string> {
    const sealed = await readSealed(db, hasAccounts).catch(() => undefined);
    if (!sealed) return true;
    const closed = sealed.filter((jwe) => !opens(jwe, openKey)).length;
    isRight = closed === 0;
    return isRight || `SECRET_KEYS do not open ${closed} of ${sealed.length} stored keys.`;
  }

  return () => {
    if (isRight) return Promise.resolve(true);
    const nowMs = performance.now();
    if (!asked || nowMs - asked.atMs > ASK_AGAIN_MS) asked = { atMs: nowMs, answer: ask() };
    return asked.answer;
  };
}

async function readSealed(db: SqlDatabase, hasAccounts: boolean): Promise<string[]> {
  const certificates = await db.$queryRaw<{ jwe: string }[]>`
    select c.key_jwe as jwe from certificate_name n
    join certificate c on c.account_id = n.account_id and c.id = n.current_certificate_id
    order by c.created_at desc limit ${TRIED}`;
  const accounts = hasAccounts
    ? await db.$queryRaw<{ jwe: string }[]>`select key_jwe as jwe from acme_account`
    : [];
  return [...accounts, ...certificates].map(({ jwe }) => jwe);
}

function opens(jwe: string, openKey: (jwe: string) => unknown): boolean {
  try {
    openKey(jwe);
    return true;
  } catch {
    return false;
  }
}
