export { type BounceAddresses, createBounceAddresses } from "./bounce-address.ts";
export { createMailer, type Mail, type Mailer, MailNotTaken } from "./create-mailer.ts";
export { FORWARDED_HEADER, forwardOperatorMail } from "./forward-operator-mail.ts";
export {
  countOutgoingMails,
  judgeMailQueue,
  listStuckMails,
  type MailQueueFigures,
  pruneOutgoingMails,
  retryStuckMails,
  type StuckMail,
} from "./list-outgoing-mails.ts";
export {
  createMailQueue,
  type OutgoingMailKind,
  type OutgoingMailTerms,
  type QueueMail,
} from "./queue-mail.ts";
export { receiveOperatorMail } from "./receive-operator-mail.ts";
export { enqueueDueMails, type SendDeps, type SendOutcome, sendOutgoingMail } from "./send-outgoing-mail.ts";
