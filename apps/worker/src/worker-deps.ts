import type { ContextSource } from "@waxseal/core";
import type { SendDeps } from "@waxseal/core/alerting";
import type { OrderCertificateDeps } from "@waxseal/core/certificates";
import type { Mailer } from "@waxseal/core/mail";
import type { PublishPolicyDeps } from "@waxseal/core/policies";
import type { Secondary } from "@waxseal/core/publishing";
import type { OtherResolvers } from "@waxseal/probes";
import type { Logger } from "@waxseal/runtime";
import type { DnsDriftMetrics } from "./create-dns-drift-metrics.ts";
import type { PdfPrinter } from "./create-pdf-printer.ts";

/** What jobs are given: the verbs' dependencies and where contexts come from. */
export type WorkerDeps = OrderCertificateDeps &
  PublishPolicyDeps & {
    source: ContextSource;
    otherResolvers: OtherResolvers | undefined;
    logger: Logger;
    /** Those of our own nameservers. */
    secondaries: readonly Secondary[];
    dnsDrift: DnsDriftMetrics;
    /** MX hosts that say whether our own line works. */
    controlHosts: readonly string[];
    /** The operator's own names. */
    operatorHosts: readonly string[];
    /** How mail leaves; undefined in a worker that was given no mail server. */
    mailer: Mailer | undefined;
    /** Where mail for the operator is forwarded; undefined: none is taken. */
    operatorAddress: string | undefined;
    /** How messages about alerts are sent. */
    alerting: SendDeps;
    /** Prints a page to PDF; undefined where the operator has no browser. */
    printPdf: PdfPrinter | undefined;
  };
