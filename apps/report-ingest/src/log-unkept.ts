import { AppError } from "@waxseal/core";
import { isStorageFull } from "@waxseal/core/reports";
import { isDatabaseAway } from "@waxseal/db";
import type { Logger } from "@waxseal/runtime";

/** Logs why a report could not be kept, so that the operator looks in the right place. */
export function logUnkept(logger: Logger, error: unknown): void {
  if (error instanceof AppError) logger.info({ code: error.code }, "report not accepted");
  else if (isStorageFull(error)) logger.error({ err: error }, "database has no space left");
  else if (isDatabaseAway(error)) logger.warn({ err: error }, "database not available");
  else logger.error({ err: error }, "report could not be kept");
}
