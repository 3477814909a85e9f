import type { JobName } from "@waxseal/core";
import type { DefinedJob } from "../define-job.ts";
import { applyDueWavesJob } from "./apply-due-waves-job.ts";
import { askRenewalWindowsJob } from "./ask-renewal-windows-job.ts";
import { checkBrandHostsJob } from "./check-brand-hosts-job.ts";
import { checkDomainJob } from "./check-domain-job.ts";
import { deliverReportEffectsJob } from "./deliver-report-effects-job.ts";
import { ensureOperatorNamesJob } from "./ensure-operator-names-job.ts";
import { evaluateDomainJob } from "./evaluate-domain-job.ts";
import { expireReportsJob } from "./expire-reports-job.ts";
import { finishClosingJob, sweepClosingJob } from "./finish-closing-job.ts";
import { finishLeavingJob } from "./finish-leaving-job.ts";
import { followNotificationsJob } from "./follow-notifications-job.ts";
import { forwardOperatorMailJob } from "./forward-operator-mail-job.ts";
import { learnReportersJob } from "./learn-reporters-job.ts";
import { lookAtMxJob } from "./look-at-mx-job.ts";
import { openCasJob } from "./open-cas-job.ts";
import { orderCertificateJob } from "./order-certificate-job.ts";
import { probeMxJob } from "./probe-mx-job.ts";
import { pruneJob } from "./prune-job.ts";
import { publishPolicyJob } from "./publish-policy-job.ts";
import { publishRecordsJob } from "./publish-records-job.ts";
import { reconcileRecordsJob } from "./reconcile-records-job.ts";
import { reconcileSecondariesJob } from "./reconcile-secondaries-job.ts";
import { recountReportsJob } from "./recount-reports-job.ts";
import { removeReportsJob } from "./remove-reports-job.ts";
import { restoreDomainsJob } from "./restore-domains-job.ts";
import { sendDigestsJob } from "./send-digests-job.ts";
import { sendMailJob } from "./send-mail-job.ts";
import { sendMonthlyReportsJob } from "./send-monthly-reports-job.ts";
import { sendNotificationsJob } from "./send-notifications-job.ts";
import { settleReportDaysJob } from "./settle-report-days-job.ts";
import { sweepDueWorkJob } from "./sweep-due-work-job.ts";
import { sweepJudgementsJob } from "./sweep-judgements-job.ts";

const ENQUEUED = {
  "account.finishClosing": finishClosingJob,
  "account.restoreDomains": restoreDomainsJob,
  "certificate.order": orderCertificateJob,
  "domain.check": checkDomainJob,
  "mail.send": sendMailJob,
  "notify.send": sendNotificationsJob,
  "domain.removeReports": removeReportsJob,
  "policy.publish": publishPolicyJob,
  "record.publish": publishRecordsJob,
  "record.reconcile": reconcileRecordsJob,
  "watch.evaluate": evaluateDomainJob,
} satisfies Record<JobName, DefinedJob>;

/** Every job there is: those that verbs enqueue, and those that start by the clock. */
export const JOBS: readonly DefinedJob[] = [
  ...Object.values(ENQUEUED),
  applyDueWavesJob,
  askRenewalWindowsJob,
  checkBrandHostsJob,
  deliverReportEffectsJob,
  expireReportsJob,
  ensureOperatorNamesJob,
  finishLeavingJob,
  followNotificationsJob,
  forwardOperatorMailJob,
  learnReportersJob,
  lookAtMxJob,
  openCasJob,
  probeMxJob,
  pruneJob,
  recountReportsJob,
  reconcileSecondariesJob,
  sendDigestsJob,
  sendMonthlyReportsJob,
  settleReportDaysJob,
  sweepClosingJob,
  sweepDueWorkJob,
  sweepJudgementsJob,
];
