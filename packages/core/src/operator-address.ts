import { reportsMxHost } from "./setup-names.ts";

/**
 * Where mail for the person who runs this installation goes: OPERATOR_MAIL, else ACME_CONTACT; undefined when neither is set.
 * @throws Error when it lies in the reports domain, since mail would go round in circles
 */
export function operatorAddress(settings: {
  OPERATOR_MAIL?: string | undefined;
  ACME_CONTACT?: string | undefined;
  REPORTS_DOMAIN: string;
}): string | undefined {
  const name = settings.OPERATOR_MAIL ? "OPERATOR_MAIL" : "ACME_CONTACT";
  const address = settings[name];
  const domain = address?.slice(address.lastIndexOf("@") + 1).toLowerCase();
  const own = [settings.REPORTS_DOMAIN, reportsMxHost(settings.REPORTS_DOMAIN)];
  if (domain && own.includes(domain)) {
    if (name === "ACME_CONTACT") return undefined;
    throw new Error(
      "Bad settings:\n  OPERATOR_MAIL: lies in REPORTS_DOMAIN, so mail would go round in circles",
    );
  }
  return address;
}
