import { expect, test } from "vitest";
import type { AcmeDirectory } from "./acme-directory.ts";
import { AcmeError } from "./acme-error.ts";
import type { AcmeDirectories } from "./create-acme-directories.ts";
import { findAccountCheckingIdentities } from "./known-cas.ts";
import { openCas } from "./open-cas.ts";

const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";
const STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory";

/** CAs by directory URL with their CAA identities; others cannot be reached. */
function casWith(identities: Record<string, readonly string[]>) {
  const asked: string[] = [];
  const open = async (directoryUrl: string) => {
    asked.push(directoryUrl);
    const found = identities[directoryUrl];
    if (!found) throw new AcmeError("unreachable", "no answer");
    const caa = { identities: found, accountUrl: `${directoryUrl}/1`, checksAccounts: false };
    return onlyCaa({ directoryUrl, caa });
  };
  const acme: AcmeDirectories = { open, forgetAccount: async () => undefined, close: () => undefined };
  return { acme, asked };
}

/** All that is looked at. */
function onlyCaa(directory: Pick<AcmeDirectory, "directoryUrl" | "caa">): AcmeDirectory {
  return directory as AcmeDirectory;
}

test("every CA is opened with the staging twin that is known, and one that is away keeps no other from it", async () => {
  const { acme, asked } = casWith({ [STAGING]: ["letsencrypt.org"], "https://b.example/dir": ["b.example"] });
  const settings = { caaIdentities: ["letsencrypt.org", "b.example"] };
  const directoryUrls = [LETS_ENCRYPT, "https://b.example/dir"];
  expect(await openCas({ acme, directoryUrls, settings })).toEqual({ opened: 2, unnamed: [] });
  expect(asked).toEqual([LETS_ENCRYPT, STAGING, "https://b.example/dir"]);
});

test("RFC 8659 §4.2: a CA that our own CAA sets forbid is named; where nothing is known or configured there is nothing to say", async () => {
  const { acme } = casWith({ "https://a.example/dir": ["a.example"], "https://mute.example/dir": [] });
  const directoryUrls = ["https://a.example/dir", "https://mute.example/dir"];
  const open = (caaIdentities: string[]) => openCas({ acme, directoryUrls, settings: { caaIdentities } });
  expect((await open(["other.example"])).unnamed).toEqual(["https://a.example/dir"]);
  expect((await open(["other.example", "a.example"])).unnamed).toEqual([]);
  expect((await open([])).unnamed).toEqual([]);
});

test("RFC 8657 §3: Let's Encrypt and its staging twin are known to check accounts, an unknown CA is not", () => {
  expect(findAccountCheckingIdentities(LETS_ENCRYPT)).toEqual(["letsencrypt.org"]);
  expect(findAccountCheckingIdentities(STAGING)).toEqual(["letsencrypt.org"]);
  expect(findAccountCheckingIdentities("https://a.example/dir")).toBeUndefined();
});
