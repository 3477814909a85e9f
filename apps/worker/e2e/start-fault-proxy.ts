import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { createSelfSignedCertificate } from "@waxseal/sandbox";
import { z } from "zod";

/** What Pebble calls its resources. */
const PATHS = {
  newOrder: /^\/order-plz/,
  authorization: /^\/authZ\//,
  challenge: /^\/chalZ\//,
  finalize: /^\/finalize-order\//,
  order: /^\/my-order\//,
  certificate: /^\/certZ\//,
} as const;

type AcmeResource = keyof typeof PATHS;
const RESOURCES = [
  "newOrder",
  "authorization",
  "challenge",
  "finalize",
  "order",
  "certificate",
] as const satisfies AcmeResource[];

type Answer = { status: number; headers: Record<string, string>; body: string };

type InsteadAnswer = { status: number; headers?: Record<string, string>; problem?: string };

/** `answer`: instead of the CA's. `cutOff`: the CA gets the request, half of its answer comes back. `hold`: the CA gets it, nothing ever comes back. `rewrite`: changes the CA's answer. */
type Fault =
  | { answer: InsteadAnswer }
  | "cutOff"
  | "hold"
  | { rewrite(order: Record<string, unknown>): object };

/** A CA seen through a proxy that spoils answers. */
export type FaultProxy = {
  directoryUrl: string;
  caPem: string;
  /** The next `times` requests of that resource get the fault; those before are forgotten. */
  inject(resource: AcmeResource, fault: Fault, times?: number): void;
  clear(): void;
  /** Whose answers are held back. */
  held: readonly string[];
  /** What was asked, in order, with the payload; refused nonces are asked again and counted once. */
  asked(resource: AcmeResource): object[];
  stop(): Promise<void>;
};

const Jws = z.object({ payload: z.string() });

/** Starts a proxy before Pebble. Host is passed on, so every URL that Pebble makes leads through the proxy again. */
export async function startFaultProxy(pebble: { directoryUrl: string; caPem: string }): Promise<FaultProxy> {
  const tls = await createSelfSignedCertificate({
    names: ["127.0.0.1"],
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 86_400_000),
  });
  const upstream = new URL(pebble.directoryUrl);
  const faults = new Map<AcmeResource, { fault: Fault; left: number }>();
  const log: { resource: AcmeResource; payload: object }[] = [];

  const held: string[] = [];

  const forward = async (incoming: IncomingMessage, body: Buffer): Promise<Answer> => {
    const { resolve, reject, promise } = Promise.withResolvers<Answer>();
    const { method, url: path, headers } = incoming;
    const { hostname, port } = upstream;
    request({ hostname, port, path, method, headers, ca: pebble.caPem, agent: false }, async (response) => {
      const chunks = await response.toArray();
      const kept = ["location", "replay-nonce", "content-type", "retry-after", "link"];
      const entries = kept.flatMap((name) => {
        const value = response.headers[name];
        return value === undefined ? [] : [[name, String(value)] as const];
      });
      resolve({
        status: response.statusCode ?? 500,
        headers: Object.fromEntries(entries),
        body: Buffer.concat(chunks).toString(),
      });
    })
      .on("error", reject)
      .end(body);
    return promise;
  };

  const take = (resource: AcmeResource | undefined, isAnswer: boolean): Fault | undefined => {
    const set = resource && faults.get(resource);
    if (!set || set.left === 0 || isAnswer !== (typeof set.fault === "object" && "answer" in set.fault)) {
      return undefined;
    }
    set.left--;
    return set.fault;
  };

  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.concat(await incoming.toArray());
    const resource = findResource(incoming.url ?? "");
    const instead = take(resource, true);
    if (resource && typeof instead === "object" && "answer" in instead) {
      log.push({ resource, payload: readPayload(body) });
      return writeProblem(response, instead.answer);
    }
    const answer = await forward(incoming, body);
    // acme-client asks again with the nonce that comes with this.
    const isNonceRefused = answer.status === 400 && answer.body.includes("badNonce");
    if (resource && !isNonceRefused) log.push({ resource, payload: readPayload(body) });
    const fault = isNonceRefused ? undefined : take(resource, false);
    if (fault === "hold") {
      held.push(resource ?? "");
      return;
    }
    if (fault === "cutOff") {
      response.writeHead(answer.status, { ...answer.headers, "content-length": answer.body.length });
      response.write(answer.body.slice(0, answer.body.length / 2), () => response.destroy());
      return;
    }
    response.writeHead(answer.status, answer.headers);
    const isRewritten = typeof fault === "object" && "rewrite" in fault;
    response.end(isRewritten ? JSON.stringify(fault.rewrite(JSON.parse(answer.body))) : answer.body);
  };

  const server = createServer({ key: tls.keyPem, cert: tls.certPem }, (incoming, response) => {
    handle(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    directoryUrl: `https://127.0.0.1:${port}${upstream.pathname}`,
    caPem: tls.certPem,
    inject: (resource, fault, times = 1) => void faults.set(resource, { fault, left: times }),
    held,
    clear: () => {
      faults.clear();
      log.length = 0;
    },
    asked: (wanted) => log.filter(({ resource }) => resource === wanted).map(({ payload }) => payload),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function findResource(path: string): AcmeResource | undefined {
  return RESOURCES.find((resource) => PATHS[resource].test(path));
}

/** Empty for POST-as-GET. */
function readPayload(body: Buffer): object {
  const text = Buffer.from(Jws.parse(JSON.parse(body.toString())).payload, "base64url").toString();
  return text === "" ? {} : JSON.parse(text);
}

function writeProblem(response: ServerResponse, answer: InsteadAnswer): void {
  const { status, headers = {}, problem } = answer;
  response.writeHead(status, { ...headers, ...(problem && { "content-type": "application/problem+json" }) });
  const type = `urn:ietf:params:acme:error:${problem}`;
  response.end(problem ? JSON.stringify({ type, detail: `made up: ${problem}`, status }) : "away");
}
