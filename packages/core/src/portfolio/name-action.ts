import { WATCHED_WORDS } from "../alerting/watched-words.ts";
import { isWatchedCode } from "../judging/describe-watched.ts";

const ACTIONS: Readonly<Record<string, string>> = {
  "failures.up": "See what fails",
  "mx.badTls": "See mail hosts",
  "mx.uncovered": "Edit MX list",
  "mx.expiring": "See mail hosts",
  "dane.broken": "See mail hosts",
  "cname.wrong": "Correct the DNS record",
  "cname.missing": "Publish the DNS record",
  "host.certificate": "See the certificate",
  "publish.stuck": "See the policy",
  "reports.silent": "See reports",
};

/** The one thing to do about a condition, as a button says it. */
export function nameAction(code: string | null): string {
  if (code !== null && isWatchedCode(code)) return WATCHED_WORDS[code].button;
  return ACTIONS[code ?? ""] ?? "Open the domain";
}
