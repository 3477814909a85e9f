/** Who needs to fix a failure, in words, by the names that the API uses. */
const OWNER_WORDS: Readonly<Record<string, string>> = {
  "mx-operator": "The operator of the mail server",
  "domain-owner": "You, the domain's owner",
  "dns-operator": "The operator of the MX host's DNS zone",
  us: "Waxseal",
  sender: "The sender",
  nobody: "No one",
  unknown: "Not known",
};

/** Who needs to fix a failure: "The operator of the mail server" for `mx-operator`. */
export function formatFixOwner(owner: string): string {
  return OWNER_WORDS[owner] ?? owner;
}

/** A month of UTC days in words: "November 2026" for `2026-11`. */
export function formatMonth(month: string): string {
  return new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }).format(
    new Date(`${month}-01T00:00:00Z`),
  );
}
