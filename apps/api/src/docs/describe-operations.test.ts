import { createConfig, lintFromString } from "@redocly/openapi-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

type Operation = {
  operationId: string;
  summary?: string;
  description?: string;
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
    expect(description, name).toMatch(/Needs the permission `|Anyone may ask this/);
  }
  const named = Object.fromEntries(operations.map(([name, { operationId }]) => [name, operationId]));
  expect(named).toMatchObject({
    "get /api/v1/domains": "listDomains",
    "post /api/v1/domains/{id}/check": "checkDomain",
    "put /api/v1/domains/{id}/policy": "setDomainPolicy",
    "get /api/v1/domains/{id}/policy/versions": "listDomainPolicyVersions",
  });
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
