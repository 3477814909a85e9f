import { API_KEY_SCOPES, mayDo, PERMISSIONS, SCOPE_ROLES } from "@waxseal/contract";
import { MAX_TAG_HEADER } from "../http/preconditions.ts";
import { addExample } from "./operation-examples.ts";
import { OPERATION_NEEDS } from "./operation-needs.ts";

type Content = Record<string, { schema?: unknown }>;
type Answer = { description?: string; content?: Content; headers?: Record<string, unknown> };
type Operation = {
  operationId?: string;
  summary?: string;
  description?: string;
  security?: unknown[];
  parameters?: unknown[];
  requestBody?: { content?: Record<string, { example?: unknown }> };
  responses?: Record<string, Answer>;
};

/** Last parts of a path that are something done to what comes before them. */
const ACTIONS = new Set(
  "accept acknowledge allow assess check continue deliver deny leave note preview publish reparse resend restore rotate-secret snooze stop test".split(
    " ",
  ),
);
/** Ends of paths whose answer is no JSON, with what it is. */
const FILES: readonly [end: RegExp, types: readonly string[]][] = [
  [/\/live$/, ["text/event-stream"]],
  [/\/tls-reports\/\{id\}\/raw$/, ["application/json"]],
  [/\/raw$/, ["message/rfc822", "application/octet-stream"]],
  [/\/logo$/, ["image/png", "image/jpeg", "image/webp"]],
  [/\/instructions\/export$|\/shared-instructions\/.*\/export$/, ["text/csv", "text/dns"]],
  [/\/(?:events|tls-reports)\/export$/, ["text/csv", "application/x-ndjson"]],
  [/\/export$/, ["application/json"]],
];
/** Operations whose path makes no good name. */
const NAMES: Record<string, string> = {
  "delete /api/v1/account/closing": "keepAccount",
  "post /api/v1/account/closing": "closeAccount",
  "post /api/v1/channels/{id}/rotate-secret": "rotateChannelSecret",
  "post /api/v1/device-logins/poll": "pollDeviceLogin",
  "post /api/v1/domains/bulk": "addDomainsInBulk",
  "post /api/v1/domains/tags": "tagDomains",
  "post /api/v1/quarantine/{id}/reparse": "reparseQuarantinedMessage",
  "post /api/v1/sandbox/deliver": "deliverSandboxMail",
  "post /api/v1/sandbox/publish": "publishSandboxRecords",
};
const MEANINGS: Record<string, string> = {
  "200": "Done",
  "201": "Made",
  "202": "Accepted; it goes on in the background",
  "204": "Done; there is nothing to say",
  "304": "It is as you know it",
  "4XX": "Refused: the problem says why, and what to change",
  "5XX": "Not possible now: the problem says when to try again",
};
const SHARED_HEADERS = {
  "x-request-id": {
    description: "Names this answer in questions to the operator",
    schema: { type: "string" },
  },
  "ratelimit-limit": { description: "Requests allowed in the present window", schema: { type: "integer" } },
  "ratelimit-remaining": { description: "Requests left in it", schema: { type: "integer" } },
  "ratelimit-reset": { description: "Seconds until the next window", schema: { type: "integer" } },
};
const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  schema: { type: "string", maxLength: 200 },
  description: "Of your choice. The same request sent again with it within a day gets the first answer.",
};
/** Operations with ETags. RFC 9110 §13 */
const WITH_ETAG: readonly string[] = [
  "get /api/v1/domains/{id}",
  "delete /api/v1/domains/{id}",
  "get /api/v1/domains/{id}/policy",
  "put /api/v1/domains/{id}/policy",
];
const PRECONDITIONS = [
  {
    name: "If-Match",
    in: "header",
    required: false,
    schema: { type: "string", maxLength: MAX_TAG_HEADER },
    description: "ETags of the object, or *. If it has changed since, the answer is 412 and nothing is done.",
  },
  {
    name: "If-None-Match",
    in: "header",
    required: false,
    schema: { type: "string", maxLength: MAX_TAG_HEADER },
    description: "ETags that you know. A GET then answers 304 without a body; a change is refused with 412.",
  },
];
const ETAG = { description: "Changes with the object", schema: { type: "string" } };
const REFUSAL_HEADERS = {
  "retry-after": { description: "Seconds to wait, with 429 and 503", schema: { type: "integer" } },
  "www-authenticate": { description: "How to sign in, with 401", schema: { type: "string" } },
};

/** The OpenAPI document with a name for each operation, and answers with their content types, headers and meaning. */
export function describeOperations<T extends object>(document: T): T {
  const paths: Record<string, Record<string, Operation>> = "paths" in document ? Object(document.paths) : {};
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(item)) {
      operation.operationId ??= NAMES[`${method} ${path}`] ?? nameOperation(method, path, operation);
      operation.description = [operation.description, describeNeeds(method, path)]
        .filter(Boolean)
        .join("\n\n");
      if (method === "post" && operation.security?.length !== 0)
        operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
      addExample(method, path, operation);
      if (WITH_ETAG.includes(`${method} ${path}`)) describeEtag(method, operation);
      for (const [status, answer] of Object.entries(operation.responses ?? {}))
        describeAnswer(status, answer, method === "get" ? path : "");
    }
  }
  return document;
}

function describeEtag(method: string, operation: Operation): void {
  operation.parameters = [...(operation.parameters ?? []), ...PRECONDITIONS];
  for (const status of method === "get" ? ["200", "304"] : []) {
    const answer = operation.responses?.[status];
    if (answer) answer.headers = { etag: ETAG, ...answer.headers };
  }
}

/** Operations about the person who is signed in. */
const OF_A_PERSON = /^\w+ \/api\/v1\/me\/|^delete \/api\/v1\/me$|\/accept$/;

/** Who may call it, from the one table of permissions. */
function describeNeeds(method: string, path: string): string {
  const action = OPERATION_NEEDS[`${method.toUpperCase()} ${path}`];
  if (!action) return "Anyone may ask this, without a key.";
  if (OF_A_PERSON.test(`${method} ${path}`))
    return "Needs a session: it is about a person, and an API key is none.";
  const scopes = API_KEY_SCOPES.filter((scope) => mayDo(SCOPE_ROLES[scope], action));
  const keys = scopes.length > 0 ? `API keys of the scope ${listed(scopes)}` : "no API key";
  return `Needs the permission \`${action}\`: members who are ${listed(PERMISSIONS[action])}, and ${keys}.`;
}

const listed = (names: readonly string[]) => names.join(", ").replace(/, ([^,]+)$/, " or $1");

function describeAnswer(status: string, answer: Answer, readPath: string): void {
  const isRefusal = /^[45]/.test(status);
  if (!answer.description || answer.description === "Default Response")
    answer.description = MEANINGS[status] ?? "Done";
  answer.headers = { ...SHARED_HEADERS, ...(isRefusal && REFUSAL_HEADERS), ...answer.headers };
  const json = answer.content?.["application/json"];
  if (!json) return;
  if (isRefusal) answer.content = { "application/problem+json": json };
  const [, types] = FILES.find(([end]) => end.test(readPath)) ?? [];
  if (!isRefusal && types)
    answer.content = Object.fromEntries(types.map((type) => [type, { schema: { type: "string" } }]));
}

/** `GET /domains/{id}/policy/versions` is `listDomainPolicyVersions`, `POST /domains/{id}/check` is `checkDomain`. */
function nameOperation(method: string, path: string, { responses }: Operation): string {
  const parts = path.replace(/^\/api\/(?:v1\/)?/, "").split("/");
  const last = parts.at(-1) ?? "";
  const isAction = method === "post" && ACTIONS.has(last);
  const named = isAction ? parts.slice(0, -1) : parts;
  const isList = method === "get" && /List"/.test(JSON.stringify(responses?.["200"]?.content ?? ""));
  const verbs: Record<string, string> = {
    get: isList ? "list" : "get",
    patch: "update",
    put: "set",
    delete: "delete",
  };
  const verb = isAction ? camel(last) : (verbs[method] ?? "create");
  const nouns = named.flatMap((part, index) => {
    if (part.startsWith("{")) return [];
    const isOne = named[index + 1]?.startsWith("{") || (index === named.length - 1 && verb === "create");
    return [capital(camel(isOne ? singular(part) : part))];
  });
  return verb + nouns.join("");
}

const camel = (words: string) => words.replace(/[-.](\w)/g, (_, letter: string) => letter.toUpperCase());
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const singular = (word: string) => word.replace(/ies$/, "y").replace(/([^s])s$/, "$1");
