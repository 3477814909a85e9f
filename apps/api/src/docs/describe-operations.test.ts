import { createConfig, lintFromString } from "@redocly/openapi-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { fillAccount } from "../../testing/fill-account.ts";
import { PUBLIC_URL, startTestApi, type TestApi } from "../../testing/start-test-api.ts";
import { SAMPLE_IDS } from "./operation-examples.ts";

type Operation = {
  operationId: string;
  summary?: string;
  description?: string;
  parameters?: { name: string; in: string; example?: unknown }[];
  requestBody?: { content: Record<string, { example?: unknown }> };
  responses: Record<string, { description: string; content?: Record<string, unknown>; headers?: object }>;
};

let api: TestApi;
let text: string;
let operations: [name: string, operation: Operation][];
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  const answer = await api.ask("GET", "/api/openapi.json");
  text = answer.text;
  const paths: Record<string, Record<string, Operation>> = Object(answer.json).paths;
  operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
  );
});
afterAll(() => api.stop());

/** Examples that are understood, but need a sandbox, an identity provider, a link of a mail, or another state to succeed. */
const ANSWERED_OTHERWISE: Record<string, number> = {
  "delete /api/v1/account/closing": 409,
  "delete /api/v1/me": 409,
  "delete /api/v1/me/passkeys/{id}": 404,
  "delete /api/v1/me/sessions/{id}": 404,
  "delete /api/v1/sso": 404,
  "get /api/v1/account/logo": 404,
  "get /api/v1/account/shown-logo": 404,
  "get /api/v1/device-logins/{userCode}": 404,
  "get /api/v1/domains/{id}/certificate": 404,
  "get /api/v1/invitation-links/{invitationToken}": 404,
  "get /api/v1/shared-instructions/{sheetToken}": 404,
  "get /api/v1/shared-instructions/{sheetToken}/export": 404,
  "get /api/v1/shared-instructions/{sheetToken}/logo": 404,
  "get /api/v1/shared/{shareToken}": 404,
  "post /api/v1/account/closing": 409,
  "post /api/v1/device-logins/poll": 404,
  "post /api/v1/device-logins/{userCode}/allow": 404,
  "post /api/v1/device-logins/{userCode}/deny": 404,
  "post /api/v1/domains/{id}/restore": 409,
  "post /api/v1/email-changes/{emailChangeToken}/confirm": 404,
  "post /api/v1/invitation-links/{invitationToken}/accept": 404,
  "post /api/v1/members/{id}/two-factor-reset": 409,
  "post /api/v1/policy-changes/{id}/stop": 409,
  "post /api/v1/sandbox/deliver": 404,
  "post /api/v1/sandbox/faults": 409,
  "post /api/v1/sandbox/publish": 404,
  "put /api/v1/me/passkeys/{id}": 404,
  "put /api/v1/sso": 422,
};

test("the OpenAPI document passes Redocly's recommended rules without a warning", async () => {
  const config = await createConfig({ extends: ["recommended"] });
  const problems = await lintFromString({ source: text, absoluteRef: "openapi.json", config });
  expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual(
    [],
  );
});

test("every operation has a readable name of its own, a summary and a description that says who may call it", () => {
  expect(operations.length).toBeGreaterThan(90);
  expect(new Set(operations.map(([, { operationId }]) => operationId)).size).toBe(operations.length);
  for (const [name, { operationId, summary, description }] of operations) {
    expect(operationId, name).toMatch(/^[a-z]+(?:[A-Z][a-z]*)+$/);
    expect(summary, name).toBeTruthy();
    expect(description, name).toMatch(/(?:Needs the permission `|Anyone may ask this|Needs a session: ).*$/);
    const own = description?.split("\n\n").slice(0, -1).join(" ") ?? "";
    expect([name, own.length > 20 || own]).toEqual([name, true]);
  }
  const named = Object.fromEntries(operations.map(([name, { operationId }]) => [name, operationId]));
  expect(named).toMatchObject({
    "get /api/v1/domains": "listDomains",
    "post /api/v1/domains/{id}/check": "checkDomain",
    "put /api/v1/domains/{id}/policy": "setDomainPolicy",
    "get /api/v1/domains/{id}/policy/versions": "listDomainPolicyVersions",
  });
});

test("every list has a limit and a cursor, of the same kind and with the same maximum everywhere", () => {
  const { schemas } = Object(JSON.parse(text)).components;
  const faults: unknown[] = [];
  let lists = 0;
  for (const [name, { parameters = [], responses }] of operations.filter(([one]) => one.startsWith("get "))) {
    const { $ref = "", type } = Object(Object(responses["200"]?.content?.["application/json"]).schema);
    const { properties = {} } = Object(schemas[$ref.split("/").at(-1)]);
    if (type === "array") faults.push([name, "is a list without an object around it"]);
    if (!("items" in properties)) continue;
    lists += 1;
    const query = (wanted: string) => Object(parameters.find((one) => one.name === wanted)).schema ?? {};
    const shape = [
      query("cursor").type,
      query("limit").minimum,
      query("limit").maximum,
      properties.nextCursor?.type,
    ];
    if (JSON.stringify(shape) !== '["string",1,1000,["string","null"]]') faults.push([name, shape]);
  }
  expect(faults).toEqual([]);
  expect(lists).toBeGreaterThan(25);
});

test("answers have the content type they are sent with, and the headers every client should know", async () => {
  for (const [name, { responses }] of operations) {
    expect(Object.keys(responses["4XX"]?.content ?? {}), name).toEqual(["application/problem+json"]);
    expect(Object.keys(responses["4XX"]?.headers ?? {}), name).toContain("retry-after");
  }
  const typesOf = (name: string) =>
    Object.keys(operations.find(([one]) => one === name)?.[1].responses["200"]?.content ?? {});
  expect(typesOf("get /api/v1/domains/{id}/live")).toEqual(["text/event-stream"]);
  expect(typesOf("get /api/v1/quarantine/{id}/raw")).toContain("message/rfc822");
  const { key } = await api.newAccount("Types");
  for (const path of ["events/export", "tls-reports/export", "instructions/export", "account/export"]) {
    const answer = await api.ask(
      "GET",
      `/api/v1/${path}?format=csv`.replace("account/export?format=csv", "account/export"),
      { key },
    );
    const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
    expect(typesOf(`get /api/v1/${path}`), `${path} ${answer.status}`).toContain(type);
  }
});

test("the example of every operation, with real ids in place of the sample ones, is a request that succeeds", {
  timeout: 120_000,
}, async () => {
  const { accountId, key } = await api.newAccount("Example Mail");
  const ids = { ...(await fillAccount(api, { accountId, key })), account: accountId };
  const cookie = await api.signInAs(accountId, "owner", "ada@example.com");
  const withRealIds = (text: string) =>
    Object.entries(SAMPLE_IDS).reduce(
      (all, [kind, sample]) => all.replaceAll(sample, ids[kind as keyof typeof ids]),
      text,
    );
  const answers: Record<string, number> = {};
  const send = async ([route, operation]: (typeof operations)[number]) => {
    const [method = "", path = ""] = route.split(" ");
    const { url, body } = exampleOf(path, operation);
    const answer = await fetch(api.url + withRealIds(url), {
      method: method.toUpperCase(),
      headers: {
        ...{ cookie, origin: PUBLIC_URL, "x-waxseal-account": accountId },
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: withRealIds(JSON.stringify(body)) }),
    });
    await answer.arrayBuffer();
    if (answer.status >= 300) answers[route] = answer.status;
  };
  const all = inOrder(operations);
  const isRead = ([route]: (typeof operations)[number]) => route.startsWith("get ");
  await Promise.all(all.filter(isRead).map(send));
  for (const one of all) if (!isRead(one)) await send(one);
  expect(answers).toEqual(ANSWERED_OTHERWISE);
});

/** Reads and makes first, then changes, and what takes something away last; the own sign-in at the very end. */
function inOrder(all: typeof operations): typeof operations {
  const rank = (route: string) =>
    ["get ", "post ", "patch ", "put ", "delete "].findIndex((start) => route.startsWith(start)) +
    (/\/(?:me|closing|leave|two-factor)\b/.test(route) && !route.startsWith("get ") ? 5 : 0) +
    (/^delete .*\/(?:members|domains)\/\{id\}$/.test(route) ? 5 : 0) +
    (/^delete .*\/(?:share|me)$/.test(route) ? -1 : 0) +
    (route.endsWith("/me") ? 10 : 0);
  return all
    .filter(([route]) => !route.endsWith("/live"))
    .toSorted(([one], [other]) => rank(one) - rank(other));
}

function exampleOf(
  path: string,
  { parameters = [], requestBody }: Operation,
): { url: string; body: unknown } {
  const search = new URLSearchParams();
  let url = path;
  for (const { in: place, name, example } of parameters) {
    if (place === "path") url = url.replace(`{${name}}`, encodeURIComponent(String(example)));
    if (place === "query" && example !== undefined) search.set(name, String(example));
  }
  return {
    url: search.size > 0 ? `${url}?${search}` : url,
    body: requestBody?.content["application/json"]?.example,
  };
}
