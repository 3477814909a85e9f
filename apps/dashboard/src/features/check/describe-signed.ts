import type { CheckView } from "../../api/contract.ts";

type Finding = Pick<CheckView["findings"][number], "code"> & { mxHost?: string | null | undefined };

const DANE_WORDS: Readonly<Record<string, string>> = {
  "mx-dane": "In use",
  "mx-dane-mismatch": "Does not match",
  "mx-dane-unusable": "Cannot be used",
};

/** What was seen of DNSSEC and DANE of one mail host. DANE records count in signed DNS only, so they prove that it is signed. */
export function describeSigned(
  findings: readonly Finding[],
  mxHost: string,
): { dnssec: string; dane: string } {
  const dane = findings.find(({ code, mxHost: host }) => host === mxHost && code in DANE_WORDS);
  // This one is about the MX records of all hosts.
  const isSigned = dane !== undefined || findings.some(({ code }) => code === "mx-signed");
  return {
    dnssec: isSigned ? "Signed" : "None seen",
    dane: (dane && DANE_WORDS[dane.code]) ?? "None seen",
  };
}
