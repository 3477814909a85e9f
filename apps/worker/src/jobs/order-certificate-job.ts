import { createContext, jobActor } from "@waxseal/core";
import { orderCertificate } from "@waxseal/core/certificates";
import { z } from "zod";
import { defineJob } from "../define-job.ts";

/**
 * A host has a certificate with life left, or the reason why not is kept and the next attempt enqueued. Safe to run twice: one
 * holder of the name at a time, who goes on with the order that is there.
 */
export const orderCertificateJob = defineJob({
  name: "certificate.order",
  payload: z.object({ accountId: z.string(), host: z.string() }),
  // Expected failures enqueue their own next attempt; only bugs and a missing database come here again.
  retry: { attempts: 10 },
  run: (deps, { accountId, host }) =>
    orderCertificate(createContext(deps.source, accountId, jobActor("certificate.order")), { host }, deps),
});
