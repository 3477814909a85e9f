export { createMailer, type Mail, type Mailer } from "./create-mailer.ts";
export { FORWARDED_HEADER, forwardOperatorMail } from "./forward-operator-mail.ts";
export { receiveOperatorMail } from "./receive-operator-mail.ts";
