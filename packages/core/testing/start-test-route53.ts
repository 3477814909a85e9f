import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A Route 53 of a test: speaks the XML of API version 2013-04-01. */
export type TestRoute53 = {
  endpoint: string;
  /** Record sets by `name type`, each the XML it was set with. */
  records: Map<string, string>;
  /** Changes of each accepted request. */
  batches: string[][];
  /** When each request arrived. */
  requestsAtMs: number[];
  /** Answers the next requests with these errors instead. */
  failNext(...errors: { status: number; code: string }[]): void;
  /** Answers PENDING this many times to each question about a change. */
  pendingAnswers: number;
  /** Record sets in one page of a list, whatever more is asked for. */
  pageSize: number;
  stop(): Promise<void>;
};

const XMLNS = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"';

/** Starts it for the zone `ZTEST`. */
export async function startTestRoute53(): Promise<TestRoute53> {
  const failures: { status: number; code: string }[] = [];
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    state.requestsAtMs.push(performance.now());
    void readBody(request).then((body) => route(request, body, response));
  });
  const state: TestRoute53 = {
    endpoint: "",
    records: new Map(),
    batches: [],
    requestsAtMs: [],
    failNext: (...errors) => void failures.push(...errors),
    pendingAnswers: 1,
    pageSize: 100,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  function route(request: IncomingMessage, body: string, response: ServerResponse): void {
    const answer = (status: number, xml: string) =>
      response.writeHead(status, { "content-type": "text/xml" }).end(`<?xml version="1.0"?>\n${xml}`);
    const fail = (status: number, code: string) =>
      answer(
        status,
        `<ErrorResponse ${XMLNS}><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
      );
    const failure = failures.shift();
    if (failure) return void fail(failure.status, failure.code);
    if (!/^AWS4-HMAC-SHA256 /.test(request.headers.authorization ?? ""))
      return void fail(403, "AccessDenied");
    const url = new URL(request.url ?? "/", state.endpoint);
    const change = /^\/2013-04-01\/change\/(\w+)$/.exec(url.pathname)?.[1];
    if (change) {
      const times = (asked.get(change) ?? 0) + 1;
      asked.set(change, times);
      const status = times > state.pendingAnswers ? "INSYNC" : "PENDING";
      return void answer(
        200,
        `<GetChangeResponse ${XMLNS}>${changeInfo(change, status)}</GetChangeResponse>`,
      );
    }
    const path = url.pathname.replace(/\/$/, "");
    if (path !== "/2013-04-01/hostedzone/ZTEST/rrset") return void fail(404, "NoSuchHostedZone");
    if (request.method === "GET") return void answer(200, listXml(state, url.searchParams));
    const problem = applyChanges(state, body);
    if (problem) {
      return void answer(
        400,
        `<InvalidChangeBatch ${XMLNS}><Messages><Message>${problem}</Message></Messages></InvalidChangeBatch>`,
      );
    }
    const id = `C${state.batches.length}`;
    answer(
      200,
      `<ChangeResourceRecordSetsResponse ${XMLNS}>${changeInfo(id, "PENDING")}</ChangeResourceRecordSetsResponse>`,
    );
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  state.endpoint = `http://127.0.0.1:${address.port}`;
  return state;
}

/** All or nothing, as Route 53 does; the refusal's text, or undefined. */
function applyChanges(state: TestRoute53, body: string): string | undefined {
  const records = new Map(state.records);
  const changes = [...body.matchAll(/<Change>(.*?)<\/Change>/gs)].map(([, xml = ""]) => xml);
  const seen = new Set<string>();
  for (const xml of changes) {
    const action = element(xml, "Action");
    const set = /<ResourceRecordSet>.*<\/ResourceRecordSet>/s.exec(xml)?.[0] ?? "";
    const key = `${element(set, "Name")} ${element(set, "Type")}`;
    if (seen.has(key)) return `duplicate change of ${key}`;
    seen.add(key);
    if (set.includes("refuse-me")) return `bad value in ${key}`;
    if (action === "DELETE") {
      if (records.get(key) !== set) return `tried to delete ${key}, but it was not found`;
      records.delete(key);
    } else records.set(key, set);
  }
  state.records = records;
  state.batches.push(
    changes.map((xml) => `${element(xml, "Action")} ${element(xml, "Name")} ${element(xml, "Type")}`),
  );
  return undefined;
}

function listXml({ records, pageSize }: TestRoute53, query: URLSearchParams): string {
  const from = `${query.get("name") ?? ""} ${query.get("type") ?? ""}`.trim();
  const sets = [...records].filter(([key]) => key >= from).sort(([a], [b]) => (a < b ? -1 : 1));
  const [nextName, nextType] = sets[pageSize]?.[0].split(" ") ?? [];
  const xml = sets
    .slice(0, pageSize)
    .map(([, set]) => set)
    .join("");
  const next = nextName
    ? `<IsTruncated>true</IsTruncated><NextRecordName>${nextName}</NextRecordName><NextRecordType>${nextType}</NextRecordType>`
    : "<IsTruncated>false</IsTruncated>";
  return `<ListResourceRecordSetsResponse ${XMLNS}><ResourceRecordSets>${xml}</ResourceRecordSets>${next}<MaxItems>${pageSize}</MaxItems></ListResourceRecordSetsResponse>`;
}

function changeInfo(id: string, status: string): string {
  return `<ChangeInfo><Id>/change/${id}</Id><Status>${status}</Status><SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt></ChangeInfo>`;
}

function element(xml: string, name: string): string {
  return new RegExp(`<${name}>(.*?)</${name}>`, "s").exec(xml)?.[1] ?? "";
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
