import type { Quirk, QuirkCode } from "./quirks.ts";

export type QuirkLog = {
  /** Says where the reader is; both are -1 outside a policy. */
  moveTo(policyIndex: number, detailIndex: number): void;
  note(code: QuirkCode, key: string): void;
  list(): Quirk[];
};

/** Collects repairs; bounded by the number of codes, so that a hostile report cannot make it grow. */
export function createQuirkLog(): QuirkLog {
  const byCode = new Map<QuirkCode, Quirk>();
  let policyIndex = -1;
  let detailIndex = -1;

  return {
    moveTo(newPolicyIndex, newDetailIndex) {
      policyIndex = newPolicyIndex;
      detailIndex = newDetailIndex;
    },
    note(code, key) {
      const quirk = byCode.get(code);
      if (quirk) quirk.count++;
      else byCode.set(code, { code, at: locate(policyIndex, detailIndex, key), count: 1 });
    },
    list: () => [...byCode.values()],
  };
}

function locate(policyIndex: number, detailIndex: number, key: string): string {
  const parts: string[] = [];
  if (policyIndex >= 0) parts.push(`policies[${policyIndex}]`);
  if (detailIndex >= 0) parts.push(`failure-details[${detailIndex}]`);
  if (key !== "") parts.push(key);
  return parts.join(".");
}
