import type { DomainView, ServedPolicyView } from "../../api/contract.ts";
import type { Tone } from "../../ui/Status.tsx";

type Described = { tone: Tone; title: string; meaning: string };

/**
 * What it means that senders get something else than the newest version right now, and who has to act; undefined
 * when they get exactly that from every address.
 */
export function describeServedPolicy(domain: DomainView, served: ServedPolicyView): Described | undefined {
  if (served.isNewest) return served.addresses ? describeAddresses(domain, served.addresses) : undefined;
  if (served.body === null) return describeSilence(domain, served.problem ?? "It could not be fetched.");
  if (served.version === null) return describeStranger(domain);
  return describeOlder(domain, served.version);
}

function describeAddresses(domain: DomainView, addresses: string): Described {
  const meaning = `At mta-sts.${domain.domain}, ${addresses} Senders that use such an address get no policy, or a wrong one.`;
  return { tone: "notice", title: "Not every address of the policy host serves it", meaning };
}

function describeSilence(domain: DomainView, problem: string): Described {
  const title = "Senders cannot fetch it right now";
  const copies =
    "Senders with a cached copy use it until it expires; the others deliver as if there were no policy.";
  const host = `mta-sts.${domain.domain}`;
  if (!pointsHere(domain)) {
    return {
      tone: "bad",
      title,
      meaning: `${problem} Action needed: ${host} does not point to us any more; publish its CNAME again. ${copies}`,
    };
  }
  if (!domain.certificate?.current) {
    return {
      tone: "bad",
      title,
      meaning: `${problem} In progress – nothing for you to do: we are getting a certificate for ${host}. ${copies}`,
    };
  }
  return {
    tone: "bad",
    title,
    meaning: `${problem} In progress – nothing for you to do: the DNS points to us. ${copies}`,
  };
}

function describeStranger(domain: DomainView): Described {
  const title = "Senders get a file that is none of your versions";
  const host = `mta-sts.${domain.domain}`;
  const meaning = pointsHere(domain)
    ? `The DNS points to us, so something in between answers: a proxy, or a DNS cache with the old address. If this lasts more than an hour, find out who answers at ${host}.`
    : `Action needed: another server answers at ${host}. Publish its CNAME to us again, or senders use that file.`;
  return { tone: "bad", title, meaning };
}

function describeOlder({ policy }: DomainView, version: number): Described {
  const newest = policy?.version ?? version;
  const harmless = "The old version stays valid until then.";
  if (policy?.state === "publishing") {
    return {
      tone: "working",
      title: `Senders get version ${version} for a moment longer`,
      meaning: `In progress – nothing for you to do: the policy servers are taking over version ${newest}. Its id appears in the DNS after the last of them has it. ${harmless}`,
    };
  }
  return {
    tone: "notice",
    title: `Senders still get version ${version}`,
    meaning: `In progress – nothing for you to do: a policy server, or a cache in front of it, is behind and should answer with version ${newest}. ${harmless}`,
  };
}

function pointsHere(domain: DomainView): boolean {
  return domain.setup.some(({ kind, state }) => kind === "policyHost" && state === "correct");
}
