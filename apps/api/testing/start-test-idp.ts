import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:https";
import { createSelfSignedCertificate, type ZoneStore } from "@waxseal/sandbox";

type Json = Record<string, unknown>;

/** An identity provider that says what a test wants it to say. */
export type TestIdp = {
  host: string;
  issuer: string;
  /** To be trusted for its certificate. */
  caPem: string;
  /** Laid over what it says about itself, about who signs in (`undefined` leaves a claim out), in its header and as userinfo. */
  says: { metadata: Json; claims: Json; header: Json; userinfo: Json };
  /** Signs in place of its key. */
  signWith: KeyObject | undefined;
  /** Every request: method, path, and the form of token requests. */
  asked: { path: string; authorization: string | undefined; form: URLSearchParams }[];
  /** What its sign-in page would hand out for this address of ours: the query of the way back. */
  approve(authorizationUrl: string, claims?: Json): { code: string; state: string; iss: string };
  forget(): void;
  stop(): void;
};

/** Starts one at https://idp.example:<port>; the DNS must say that this is 127.0.0.1. OpenID Connect Core 1.0 §3.1 */
export async function startTestIdp(host = "idp.example"): Promise<TestIdp> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const now = Date.now();
  const { keyPem, certPem } = await createSelfSignedCertificate({
    names: [host],
    notBefore: new Date(now - 3_600_000),
    notAfter: new Date(now + 86_400_000),
  });
  const codes = new Map<string, Json>();
  const server = createServer({ key: keyPem, cert: certPem }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const path = request.url ?? "";
      idp.asked.push({ path, authorization: request.headers.authorization, form });
      const answer = answerTo(path, form);
      response.writeHead(answer === undefined ? 400 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? { error: "invalid_grant" }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const issuer = `https://${host}:${typeof address === "object" && address ? address.port : 0}`;

  function answerTo(path: string, form: URLSearchParams): Json | undefined {
    if (path === "/.well-known/openid-configuration")
      return {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        userinfo_endpoint: `${issuer}/userinfo`,
        code_challenge_methods_supported: ["S256"],
        id_token_signing_alg_values_supported: ["ES256", "HS256", "none"],
        authorization_response_iss_parameter_supported: true,
        ...idp.says.metadata,
      };
    if (path === "/keys")
      return { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "ES256" }] };
    if (path === "/userinfo") return idp.says.userinfo;
    const claims = codes.get(form.get("code") ?? "");
    if (path !== "/token" || !claims) return undefined;
    codes.delete(form.get("code") ?? "");
    const header = { alg: "ES256", kid: "k1", ...idp.says.header };
    return { id_token: signToken(header, { ...claims, ...idp.says.claims }), access_token: "at" };
  }

  function signToken(header: Json, claims: Json): string {
    const parts = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
    const text = parts.join(".");
    if (header.alg === "none") return `${text}.`;
    const key = idp.signWith ?? privateKey;
    const bytes = sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });
    return `${text}.${bytes.toString("base64url")}`;
  }

  const idp: TestIdp = {
    host,
    issuer,
    caPem: certPem,
    says: { metadata: {}, claims: {}, header: {}, userinfo: {} },
    signWith: undefined,
    asked: [],
    approve: (authorizationUrl, claims = {}) => {
      const query = new URL(authorizationUrl).searchParams;
      const code = `code-${codes.size}-${query.get("state")}`;
      const seconds = Math.floor(Date.now() / 1_000);
      codes.set(code, {
        iss: issuer,
        aud: query.get("client_id"),
        sub: `sub of ${query.get("login_hint")}`,
        nonce: query.get("nonce"),
        iat: seconds,
        exp: seconds + 300,
        email: query.get("login_hint"),
        email_verified: true,
        ...claims,
      });
      return { code, state: query.get("state") ?? "", iss: issuer };
    },
    forget: () => {
      idp.says = { metadata: {}, claims: {}, header: {}, userinfo: {} };
      idp.signWith = undefined;
      idp.asked = [];
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return idp;
}

/** Makes the sandbox's DNS say where it is. */
export async function nameTestIdp(zones: ZoneStore, { host }: TestIdp): Promise<void> {
  await zones.createZone(host);
  await zones.setRecords(host, [{ name: host, type: "A", value: "127.0.0.1" }]);
}
