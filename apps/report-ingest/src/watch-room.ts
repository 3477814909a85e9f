import type { DatabaseRoom } from "@waxseal/core/operating";
import type { Logger } from "@waxseal/runtime";
import { withDeadline } from "@waxseal/runtime/with-deadline";

/** How much more may be stored, as far as it is known. */
export type RoomWatch = {
  /** Whether reports are taken: there is room for them and for everything else. */
  hasRoom(): boolean;
  stop(): void;
};

type Deps = {
  measure(): Promise<DatabaseRoom>;
  /** What the database may grow to; undefined: as far as the volume allows. */
  limitBytes: number | undefined;
  onMeasured(room: DatabaseRoom & { isOpen: boolean }): void;
  logger: Logger;
};

const EVERY_MS = 10_000;
const MEASURE_TIMEOUT_MS = 5_000;
/** Of the limit, and of the volume up to a bound: certificates, policies, jobs and write-ahead log need it. */
const KEPT_FREE = 0.1;
const MAX_KEPT_FREE_BYTES = 2 * 1024 ** 3;

/** Whether reports may take more: a tenth of the database's limit and of its volume, at most 2 GiB of that, is for everything else. */
export function isRoomLeft({ databaseBytes, volume }: DatabaseRoom, limitBytes: number | undefined): boolean {
  if (limitBytes !== undefined && databaseBytes > limitBytes * (1 - KEPT_FREE)) return false;
  return !volume || volume.freeBytes > Math.min(volume.sizeBytes * KEPT_FREE, MAX_KEPT_FREE_BYTES);
}

/** Measures now and every ten seconds. What cannot be measured changes nothing: with Postgres away nothing is stored anyway. */
export async function watchRoom({ measure, limitBytes, onMeasured, logger }: Deps): Promise<RoomWatch> {
  let isOpen = true;

  async function check(): Promise<void> {
    try {
      const room = await withDeadline(measure(), MEASURE_TIMEOUT_MS);
      const wasOpen = isOpen;
      isOpen = isRoomLeft(room, limitBytes);
      if (wasOpen && !isOpen)
        logger.error(room, "reports are refused: the database is nearly full, and other data needs the rest");
      if (!wasOpen && isOpen) logger.info(room, "reports are accepted again: the database has room");
      onMeasured({ ...room, isOpen });
    } catch (error) {
      logger.debug({ err: error }, "room not measured");
    }
  }

  await check();
  const timer = setInterval(check, EVERY_MS);
  timer.unref();
  return { hasRoom: () => isOpen, stop: () => clearInterval(timer) };
}
