import type { BulkAddView, DomainPreviewView } from "./contract.ts";
import { inAccount, type Scope } from "./in-account.ts";

export type PreviewLine = DomainPreviewView["items"][number];
export type BulkResult = BulkAddView["items"][number];

/** Small enough that progress moves and a batch that broke off costs little to repeat. */
const BATCH_DOMAINS = 10;

export const previewDomains = (text: string, scope: Scope) =>
  inAccount(scope).post<DomainPreviewView>("/domains/preview", { text });

/**
 * Adds domains batch by batch, reporting the results of each as they come; ends early when the signal says so.
 * @throws ApiError when a batch failed; those before it were reported
 */
export async function addDomains(
  lines: readonly PreviewLine[],
  options: { onResults: (results: BulkResult[]) => void; signal: AbortSignal },
  scope: Scope,
): Promise<void> {
  for (let start = 0; start < lines.length && !options.signal.aborted; start += BATCH_DOMAINS) {
    const items = lines
      .slice(start, start + BATCH_DOMAINS)
      .map(({ domain, customer }) => ({ domain: domain ?? "", customer }));
    const answer = await inAccount(scope).post<BulkAddView>("/domains/bulk", {
      items,
      createCustomers: true,
      ask: true,
    });
    options.onResults(answer.items);
  }
}
