import type { ContextSource } from "../context.ts";
import { AcmeError } from "./acme-error.ts";
import { certificateId } from "./certificate-id.ts";
import type { AcmeDirectories } from "./create-acme-directories.ts";
import { LONGEST_WAIT_MS } from "./is-past.ts";
import { renewalTimeInWindow } from "./renewal-time.ts";

type Deps = { acme: AcmeDirectories; random(): number };

const ASK_EVERY_MS = 12 * 3_600_000;
const ASK_AT_LEAST_EVERY_MS = 24 * 3_600_000;
const ASK_AGAIN_AFTER_FAILURE_MS = 3_600_000;
const AT_A_TIME = 8;

/**
 * Asks the CAs when the certificates in use should be renewed, about twice a day for each, and moves the renewal accordingly: a
 * random time in the CA's window, but never later than with a third of the life left. The time is kept while the window is
 * unchanged. Returns how many were asked and how many renewals moved. Safe to run twice.
 *
 * RFC 9773 §4.2
 */
export async function askRenewalWindows(
  { db, now }: ContextSource,
  deps: Deps,
  limit: number,
): Promise<{ asked: number; moved: number }> {
  const names = await db.certificateName.findMany({
    where: {
      state: "issued",
      OR: [
        { askWindowAt: { lte: now() } },
        { askWindowAt: { gt: new Date(now().getTime() + LONGEST_WAIT_MS) } },
      ],
      currentCertificateId: { not: null },
    },
    orderBy: { askWindowAt: "asc" },
    take: limit,
  });
  let moved = 0;
  const ask = async (name: (typeof names)[number]): Promise<void> => {
    const { accountId, host, currentCertificateId } = name;
    if (currentCertificateId === null) return;
    const current = await db.certificate.findUnique({
      where: { accountId_id: { accountId, id: currentCertificateId } },
    });
    if (!current) return;
    const { window, nextAskMs } = await askCa(current, deps);
    const isNew =
      window !== undefined &&
      (window.start.getTime() !== name.windowStart?.getTime() ||
        window.end.getTime() !== name.windowEnd?.getTime());
    const { count } = await db.certificateName.updateMany({
      where: { accountId, host, currentCertificateId, state: "issued" },
      data: {
        askWindowAt: new Date(now().getTime() + nextAskMs),
        ...(isNew && {
          windowStart: window.start,
          windowEnd: window.end,
          renewAt: renewalTimeInWindow(window, current, deps.random()),
        }),
      },
    });
    if (isNew) moved += count;
  };
  const queue = names.values();
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      for (const name of queue) await ask(name);
    }),
  );
  return { asked: names.length, moved };
}

async function askCa({ chainPem, directoryUrl }: { chainPem: string; directoryUrl: string }, deps: Deps) {
  const jitter = 0.9 + 0.1 * deps.random();
  try {
    const id = certificateId(chainPem);
    const info = id && (await (await deps.acme.open(directoryUrl)).renewalInfo(id));
    if (!info) return { window: undefined, nextAskMs: ASK_AT_LEAST_EVERY_MS * jitter };
    const nextAskMs = Math.max(
      ASK_EVERY_MS * jitter,
      Math.min(info.retryAfterMs ?? 0, ASK_AT_LEAST_EVERY_MS),
    );
    return { window: info.end > info.start ? info : undefined, nextAskMs };
  } catch (error) {
    if (!(error instanceof AcmeError)) throw error;
    const nextAskMs = Math.max(ASK_AGAIN_AFTER_FAILURE_MS, error.retryAfterMs ?? 0);
    return { window: undefined, nextAskMs };
  }
}
