const COLORS: Readonly<Record<string, string>> = {
  successful: "var(--chart-good)",
  "starttls-not-supported": "var(--chart-1)",
  "certificate-expired": "var(--chart-2)",
  "certificate-host-mismatch": "var(--chart-5)",
  "certificate-not-trusted": "var(--chart-6)",
  "validation-failure": "var(--chart-7)",
  "tlsa-invalid": "var(--chart-4)",
  "dnssec-invalid": "var(--chart-4)",
  "dane-required": "var(--chart-4)",
  "sts-policy-fetch-error": "var(--chart-3)",
  "sts-policy-invalid": "var(--chart-3)",
  "sts-webpki-invalid": "var(--chart-3)",
};

/** The colour of a result in every chart: the same type never changes its colour. */
export function resultColor(resultType: string): string {
  return COLORS[resultType] ?? "var(--chart-7)";
}
