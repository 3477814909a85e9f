import type { PolicyFinding } from "./describe-finding.ts";
import type { Policy } from "./policy.ts";
import { readPolicyLeniently } from "./read-policy-leniently.ts";

/** A policy, or the first line that is wrong (from 1) and why; `notes` are what a strict sender overlooks. */
export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy; readonly notes: readonly PolicyFinding[] }
  | { readonly ok: false; readonly line: number; readonly problem: string };

/**
 * Reads a policy body as a strict sender does.
 *
 * Lines end in CRLF or LF, the last terminator is optional. Unknown keys are ignored, of a repeated key the first
 * counts (all, for `mx`; repeats of one value are dropped). `mx` comes back in lower case. At most 64 KiB. Never throws.
 *
 * RFC 8461 §3.2, RFC 8461 erratum 6253
 */
export function parsePolicy(text: string): ParsedPolicy {
  const { policy, findings } = readPolicyLeniently(text);
  const errors = findings.filter((finding) => finding.severity === "error");
  const { mode, mx, maxAgeSeconds } = policy;
  const [error] = errors.sort((a, b) => a.line - b.line);
  if (error) return { ok: false, line: error.line, problem: error.message };
  if (mode === undefined || maxAgeSeconds === undefined)
    return { ok: false, line: 1, problem: "The policy is incomplete." };
  return { ok: true, policy: { mode, mx, maxAgeSeconds }, notes: findings };
}
