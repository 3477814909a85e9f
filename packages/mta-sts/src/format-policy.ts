import type { Policy } from "./policy.ts";

/**
 * The policy body in the one form that every known sender accepts.
 *
 * `version`, `mode`, each `mx`, `max_age`, every line ended by CRLF, one of each key. The patterns are written as they
 * are, in mode none too (one large receiver wants an `mx` there); check a policy with `checkPolicy` before publishing it.
 *
 * RFC 8461 §3.2
 */
export function formatPolicy(policy: Policy): string {
  const lines = [
    "version: STSv1",
    `mode: ${policy.mode}`,
    ...policy.mx.map((pattern) => `mx: ${pattern}`),
    `max_age: ${policy.maxAgeSeconds}`,
  ];
  return lines.map((line) => `${line}\r\n`).join("");
}
