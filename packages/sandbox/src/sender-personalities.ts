/** A made-up mail provider and how its reports differ from all others. */
export type Sender = {
  /** Domain it signs with and sends from. */
  domain: string;
  organizationName: string;
  contactInfo: string;
  dkimSelector: string;
  /** Which address of the TLS-RPT record it prefers, when there are both. */
  prefers: "mailto" | "https";
  /** Address it seems to connect from, in its reports (documentation ranges, RFC 5737 §3). */
  sendingMtaIp: string;
  style: "google" | "microsoft" | "postfix";
};

/**
 * The senders of the sandbox.
 *
 * `google`: plain by the book. `microsoft`: dates without zone, no `mx-host`, a
 * report id with `+`, `TLS-Report-*` headers not signed. `postfix`: prefers
 * HTTPS and puts the whole EHLO answer into the report.
 */
export const SENDERS = [
  {
    domain: "sandbox-mail.example",
    organizationName: "sandbox-mail.example",
    contactInfo: "smtp-tls-reporting@sandbox-mail.example",
    dkimSelector: "20260101",
    prefers: "mailto",
    sendingMtaIp: "192.0.2.41",
    style: "google",
  },
  {
    domain: "corp-exchange.example",
    organizationName: "corp-exchange.example",
    contactInfo: "tlsrpt-noreply@corp-exchange.example",
    dkimSelector: "selector1",
    prefers: "mailto",
    sendingMtaIp: "198.51.100.17",
    style: "microsoft",
  },
  {
    domain: "postfix.example",
    organizationName: "Postfix Example",
    contactInfo: "postmaster@postfix.example",
    dkimSelector: "tlsrpt",
    prefers: "https",
    sendingMtaIp: "203.0.113.25",
    style: "postfix",
  },
] as const satisfies readonly Sender[];
