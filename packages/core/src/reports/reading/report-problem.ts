import type { QuarantineReason } from "@waxseal/contract";
import type { z } from "zod";

/** Why something that arrived could not be used, in a closed word and in a sentence for the owner. */
export type ReportProblem = { reason: z.infer<typeof QuarantineReason>; detail: string };

/** Text with one or more reports as JSON found in what arrived, inflated, not parsed yet. `hasLeftOver`: other bytes followed the compressed text. */
export type ReportText = { json: Buffer; fileName: string | null; hasLeftOver?: boolean };
