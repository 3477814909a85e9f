import type { ContextSource } from "@waxseal/core";
import type { OrderCertificateDeps } from "@waxseal/core/certificates";
import type { PublishPolicyDeps } from "@waxseal/core/policies";
import type { Logger } from "@waxseal/runtime";

/** What jobs are given: the verbs' dependencies and where contexts come from. */
export type WorkerDeps = OrderCertificateDeps &
  PublishPolicyDeps & {
    source: ContextSource;
    logger: Logger;
    /** The operator's own names. */
    operatorHosts: readonly string[];
  };
