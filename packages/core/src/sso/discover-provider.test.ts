import type { HttpsAnswer, HttpsClient, HttpsRequest } from "@waxseal/probes";
import { expect, test } from "vitest";
import { discoverProvider, readIssuer } from "./discover-provider.ts";
import { exchangeCode } from "./exchange-code.ts";
import { SSO_PROBLEMS, SsoProblem, type SsoProblemKind } from "./sso-problem.ts";

const ISSUER = "https://login.example.com";
const METADATA = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  jwks_uri: `${ISSUER}/keys`,
};

/** A provider with this one answer, and what it was asked. */
function answering(status: number, body: unknown): HttpsClient & { requests: HttpsRequest[] } {
  const requests: HttpsRequest[] = [];
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    requests,
    send: async (request): Promise<HttpsAnswer> => {
      requests.push(request);
      return { status, body: text, bodyBytes: text.length, headers: {} };
    },
  };
}
const discover = (change: object, issuer = ISSUER) =>
  discoverProvider(answering(200, { ...METADATA, ...change }), issuer);

test.each([
  ["login.example.com", "https://login.example.com"],
  [" https://login.example.com/ ", "https://login.example.com"],
  ["https://login.example.com/.well-known/openid-configuration", "https://login.example.com"],
  [
    "login.example.com/realms/staff/.well-known/openid-configuration",
    "https://login.example.com/realms/staff",
  ],
  ["https://login.example.com/tenant/v2.0/", "https://login.example.com/tenant/v2.0"],
  ["http://login.example.com", undefined],
  ["https://login.example.com/?x=1", undefined],
  ["https://login.example.com/#x", undefined],
  ["https://user@login.example.com", undefined],
  ["ftp://login.example.com", undefined],
  ["login", undefined],
  ["", undefined],
])("the issuer in %j is %s", (typed, issuer) => {
  expect(readIssuer(typed)).toBe(issuer);
});

test("OpenID Connect Discovery §4: the metadata is asked under the issuer's address, and its least form is enough", async () => {
  const client = answering(200, METADATA);
  expect(await discoverProvider(client, ISSUER)).toEqual({
    issuer: ISSUER,
    authorizationEndpoint: `${ISSUER}/authorize`,
    tokenEndpoint: `${ISSUER}/token`,
    jwksUri: `${ISSUER}/keys`,
    userinfoEndpoint: undefined,
    secretIn: "header",
    namesItself: false,
    algorithms: ["RS256"],
  });
  expect(client.requests.map(({ url }) => url)).toEqual([`${ISSUER}/.well-known/openid-configuration`]);
});

test("a slash behind the provider's own name is kept, since its tokens have it too", async () => {
  expect((await discover({ issuer: `${ISSUER}/` })).issuer).toBe(`${ISSUER}/`);
  expect((await discover({}, `${ISSUER}/`)).issuer).toBe(ISSUER);
});

test("OpenID Connect Discovery §4.3: a provider that calls itself otherwise is refused", async () => {
  for (const issuer of ["https://evil.example", `${ISSUER}.evil.example`, `${ISSUER}/tenant`, `${ISSUER}//`])
    await expect(discover({ issuer })).rejects.toMatchObject({
      message: expect.stringContaining("calls itself"),
    });
});

test.each([
  [["client_secret_basic"], "header"],
  [["client_secret_post"], "body"],
  [["client_secret_post", "client_secret_basic"], "header"],
  [undefined, "header"],
] as const)("RFC 6749 §2.3.1: with the methods %j the secret goes into the %s", async (methods, place) => {
  expect((await discover({ token_endpoint_auth_methods_supported: methods })).secretIn).toBe(place);
});

test("signatures that a client with our secret could make are not believed", async () => {
  const signs = (names: string[]) => discover({ id_token_signing_alg_values_supported: names });
  expect((await signs(["none", "HS256", "ES256", "RS256"])).algorithms).toEqual(["RS256", "ES256"]);
  await expect(signs(["none", "HS256"])).rejects.toMatchObject({ ssoCode: "S-12" });
});

test.each<[string, object, string]>([
  ["the code flow is missing", { response_types_supported: ["id_token"] }, "authorization code flow"],
  ["PKCE is plain only", { code_challenge_methods_supported: ["plain"] }, "PKCE with S256"],
  ["it takes no secret", { token_endpoint_auth_methods_supported: ["private_key_jwt"] }, "no client secret"],
  ["an endpoint is unencrypted", { token_endpoint: "http://login.example.com/token" }, "token_endpoint"],
  ["the keys are in a data address", { jwks_uri: "data:application/json,{}" }, "jwks_uri"],
  ["an endpoint is missing", { authorization_endpoint: undefined }, "authorization_endpoint"],
  ["an endpoint is very long", { jwks_uri: `${ISSUER}/${"x".repeat(2_100)}` }, "jwks_uri"],
])("a provider is refused where %s", async (_what, change, words) => {
  await expect(discover(change)).rejects.toMatchObject({
    code: "unavailable",
    ssoCode: "S-12",
    message: expect.stringContaining(words),
  });
});

test.each([
  [503, "", "S-10", "login.example.com answered 503 at /.well-known/openid-configuration."],
  [404, "<html>", "S-11", "answered 404"],
  [302, "", "S-11", "answered 302"],
  [200, "<html>", "S-12", "login.example.com answered what we cannot use."],
  [200, "null", "S-12", "cannot use"],
])("an answer %i %j is the problem %s", async (status, body, code, words) => {
  await expect(discoverProvider(answering(status, body), ISSUER)).rejects.toMatchObject({
    ssoCode: code,
    message: expect.stringContaining(words),
  });
});

test("a provider that does not answer is away, with the reason clipped", async () => {
  const client: HttpsClient = { send: async () => ({ missing: "timeout", detail: "x".repeat(500) }) };
  const problem = await discoverProvider(client, ISSUER).catch((error) => error);
  expect(problem).toMatchObject({ ssoCode: "S-10", code: "unavailable" });
  expect(problem.message.length).toBeLessThan(260);
});

const PROVIDER = {
  issuer: ISSUER,
  ...{ authorizationEndpoint: `${ISSUER}/a`, tokenEndpoint: `${ISSUER}/token`, jwksUri: `${ISSUER}/keys` },
  ...{ userinfoEndpoint: undefined, namesItself: false, algorithms: ["RS256"] },
};
const OUR = {
  clientId: "our client",
  clientSecret: "a:b&c/ü",
  redirectUri: "https://waxseal.example/sign-in/sso",
};

async function exchange(secretIn: "header" | "body") {
  const client = answering(200, { id_token: "it", access_token: "at" });
  const tokens = await exchangeCode(client, { ...PROVIDER, secretIn }, OUR, {
    code: "c&d",
    codeVerifier: "v",
  });
  const [request] = client.requests;
  return { tokens, request, form: Object.fromEntries(new URLSearchParams(request?.body)) };
}

test("RFC 6749 §2.3.1: id and secret are form-encoded before they become a Basic header", async () => {
  const { tokens, request, form } = await exchange("header");
  const pair = Buffer.from(request?.headers?.authorization?.replace("Basic ", "") ?? "", "base64").toString();
  expect(pair).toBe("our+client:a%3Ab%26c%2F%C3%BC");
  expect(form).not.toHaveProperty("client_secret");
  expect(tokens).toEqual({ idToken: "it", accessToken: "at" });
});

test("RFC 6749 §2.3.1: a provider that takes the secret in the body gets it there only", async () => {
  const { request, form } = await exchange("body");
  expect(form).toMatchObject({ client_id: "our client", client_secret: "a:b&c/ü" });
  expect(request?.headers).not.toHaveProperty("authorization");
});

test("RFC 7636 §4.5: the code goes with its verifier and the address that it was sent to", async () => {
  const { request, form } = await exchange("header");
  expect(request?.url).toBe(PROVIDER.tokenEndpoint);
  expect(form).toEqual({
    grant_type: "authorization_code",
    code: "c&d",
    redirect_uri: OUR.redirectUri,
    code_verifier: "v",
  });
});

test.each([
  ["invalid_grant", "the sign-in code is unknown, used or expired"],
  ["invalid_client", "the client ID or the client secret is wrong"],
  ["unauthorized_client", "this client may not sign people in"],
])("RFC 6749 §5.2: the error %s is said in words, and its own text is not repeated", async (error, words) => {
  const client = answering(400, { error, error_description: "<script>alert(1)</script>" });
  const problem = await exchangeCode(client, { ...PROVIDER, secretIn: "body" }, OUR, {
    code: "c",
    codeVerifier: "v",
  }).catch((reason) => reason);
  expect(problem).toMatchObject({ ssoCode: "S-11", message: expect.stringContaining(`400 (${words})`) });
  expect(problem.message).not.toContain("script");
});

test("an error that is no word of the standard is answered by its status only", async () => {
  const exchanged = exchangeCode(
    answering(400, { error: { evil: true } }),
    { ...PROVIDER, secretIn: "body" },
    OUR,
    {
      code: "c",
      codeVerifier: "v",
    },
  );
  await expect(exchanged).rejects.toMatchObject({ message: "login.example.com answered 400 at /token." });
});

test("each problem has a code of its own, and its words name it without a detail of the provider", () => {
  const kinds = Object.keys(SSO_PROBLEMS) as SsoProblemKind[];
  expect(new Set(kinds.map((kind) => SSO_PROBLEMS[kind][0])).size).toBe(kinds.length);
  for (const kind of kinds) {
    const problem = new SsoProblem(kind, "secret detail");
    expect(problem.words).toContain(SSO_PROBLEMS[kind][0]);
    expect(problem.words).not.toContain("secret detail");
    expect(problem.code).toBe(["away", "refusedUs", "unusable"].includes(kind) ? "unavailable" : "forbidden");
  }
});
