import type { QuarantineReason } from "@waxseal/contract";
import type { z } from "zod";

/** Why something that arrived could not be used, in a closed word and in a sentence for the owner. */
export type ReportProblem = { reason: z.infer<typeof QuarantineReason>; detail: string };

/** One JSON text found in what arrived, inflated, not parsed yet. */
export type ReportText = { json: Buffer; fileName: string | null };
