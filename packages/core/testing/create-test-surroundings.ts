import type { MxProbe, TlsaRecord } from "@waxseal/probes";
import type { AssessDeps } from "../src/policies/assess-policy-change.ts";

/** For tests: what the outside world shows of a domain's mail hosts. */
export type TestSurroundings = AssessDeps & {
  /** Hosts that receive the mail of every domain, all good unless `probes` says otherwise. */
  mxHosts: string[];
  probes: Map<string, MxProbe>;
  /** Signed TLSA records by name, such as `_25._tcp.mx.example.com`. */
  tlsa: Map<string, TlsaRecord[]>;
};

/** An MX host that senders accept. */
const GOOD_PROBE: MxProbe = {
  found: {
    tlsVersion: "TLSv1.3",
    cipher: "TLS_AES_128_GCM_SHA256",
    certificate: undefined,
    fault: undefined,
    greeting: "220 mx.example.com ESMTP",
    address: "192.0.2.25",
    addresses: ["192.0.2.25"],
    durationMs: 1,
  },
};

/** For tests: MX hosts as given, each of them good. */
export function createTestSurroundings(...mxHosts: string[]): TestSurroundings {
  const surroundings: TestSurroundings = {
    mxHosts,
    probes: new Map(),
    tlsa: new Map(),
    resolver: {
      resolveMx: async () =>
        surroundings.mxHosts.length > 0
          ? {
              found: surroundings.mxHosts.map((mxHost, index) => ({ mxHost, preference: (index + 1) * 10 })),
              isAuthenticated: false,
              isAuthoritative: true,
              cnames: [],
              ttlSeconds: 300,
            }
          : { missing: "no-record", cnames: [], detail: "No MX record" },
      resolveAddresses: async () => ({ missing: "no-record", cnames: [], detail: "No address" }),
      resolveTlsa: async (name) => {
        const found = surroundings.tlsa.get(name);
        return found
          ? { found, isAuthenticated: true, cnames: [] }
          : { missing: "no-record", cnames: [], detail: "No TLSA record" };
      },
    },
    probeMxHost: async (mxHost) => surroundings.probes.get(mxHost) ?? GOOD_PROBE,
  };
  return surroundings;
}
