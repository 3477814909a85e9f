import type { PageQuery, SharedInstructionsView } from "@waxseal/contract";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import { getLogo, type Logo } from "../brand/get-brand.ts";
import type { ContextSource } from "../context.ts";
import { hashShareToken } from "../domain-views/hash-share-token.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import type { StreamedFile } from "../streamed-file.ts";
import { writeInstructions } from "./export-instructions.ts";
import { findSubject, type InstructionScope } from "./instruction-scope.ts";
import { presentInstructions } from "./list-instructions.ts";

/** What a link shows to its holder. */
export type SharedSheet = {
  /** The account that shares the sheet. */
  accountId: string;
  show(query?: PageQuery): Promise<z.infer<typeof SharedInstructionsView>>;
  write(format: "csv" | "zone"): StreamedFile;
  /** @throws AppError `not_found` – the account has none */
  logo(): Promise<Logo>;
};

/**
 * Opens the sheet that a link is about, live: what the DNS lacks now.
 * @throws AppError `not_found` – never made, ended, expired, or about an account that is no customer any more, which all look the same
 */
export async function openSharedSheet(
  { db, now }: ContextSource,
  sheetToken: string,
  settings: HostingSettings,
): Promise<SharedSheet> {
  const row = await db.instructionSheet.findUnique({ where: { tokenHash: hashShareToken(sheetToken) } });
  if (!row || row.endedAt !== null || row.expiresAt <= now()) throw noSuchLink();
  const scope: InstructionScope = row;
  if (scope.subjectId !== null && (await findSubject(db, scope)) === undefined) throw noSuchLink();
  return {
    accountId: row.accountId,
    show: async (query = {}) => {
      const shown = await presentInstructions(db, scope, settings, query);
      // Its holder has no account: ids and customers are not theirs to know.
      const items = shown.items.map(({ domain, setup }) => ({ domain, setup }));
      return { ...shown, items, expiresAt: row.expiresAt.toISOString() };
    },
    write: (format) => writeInstructions(db, scope, settings, format),
    logo: () => getLogo(db, row.accountId),
  };
}

function noSuchLink(): AppError {
  return new AppError("not_found", "There is no such link.");
}
