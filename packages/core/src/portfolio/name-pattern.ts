import { domainToASCII } from "node:url";

/** Part of a name as the database has it: lower case, U-labels as A-labels when it is a whole label. */
export function asTyped(q: string): string {
  const tidy = q.trim().toLowerCase();
  return /[^\p{ASCII}]/u.test(tidy) ? domainToASCII(tidy) || tidy : tidy;
}
