import { randomUUID } from "node:crypto";
import { createUser } from "@waxseal/core/accounts";
import { type Answer, startTestApi, type TestApi } from "./start-test-api.ts";
import { nameTestIdp, startTestIdp, type TestIdp } from "./start-test-idp.ts";

type Claims = Record<string, unknown>;

/** An account with single sign-on for addresses at corp.example, and the provider it trusts. */
export type SsoScene = {
  api: TestApi;
  idp: TestIdp;
  accountId: string;
  /** The cookie of an owner who signed in by password, and their address. */
  owner: string;
  /** What the owner sends to `PUT /sso`, changed as said. */
  body(changes?: object): object;
  /** A user with a password who is a member of the account. */
  addMember(email: string, role?: string): Promise<string>;
  start(email: string): Promise<{ answer: Answer; cookie: string; url: string }>;
  /** Walks through the provider, which says these claims, and back. */
  signIn(email: string, claims?: Claims): Promise<{ answer: Answer; cookie: string }>;
  stop(): Promise<void>;
};

const PASSWORD = "a long enough password";

/** Cookies as a browser keeps them: later ones replace, expired ones go. */
export function keepCookies(jar: string, headers: Headers): string {
  const cookies = new Map(jar.split("; ").map((pair) => [pair.split("=")[0] ?? "", pair]));
  for (const cookie of headers.getSetCookie()) {
    const [pair = ""] = cookie.split(";");
    const name = pair.split("=")[0] ?? "";
    if (/max-age=0/i.test(cookie)) cookies.delete(name);
    else cookies.set(name, pair);
  }
  return [...cookies.values()].filter((pair) => pair !== "").join("; ");
}

/** Starts the API and a provider, with single sign-on set up. */
export async function startSsoScene(templateDatabaseUrl: string): Promise<SsoScene> {
  const idp = await startTestIdp();
  const api = await startTestApi(templateDatabaseUrl, { caPem: idp.caPem });
  await nameTestIdp(api.zones, idp);
  const { accountId } = await api.newAccount("Corp");
  const owner = await api.signInAs(accountId, "owner", "owner@elsewhere.example");
  const claimedAt = new Date();
  await api.db.domainClaim.create({
    data: { accountId, domainId: randomUUID(), domain: "corp.example", claimedAt },
  });
  const body = (changes = {}) => ({
    issuer: idp.issuer,
    clientId: "waxseal",
    clientSecret: "s3cret: of ours",
    domains: ["corp.example"],
    isRequired: false,
    ...changes,
  });
  const set = await api.ask("PUT", "/api/v1/sso", { cookie: owner, body: body() });
  if (set.status !== 200) throw new Error(`single sign-on was not set up: ${set.text}`);

  const start: SsoScene["start"] = async (email) => {
    const answer = await api.ask("POST", "/api/auth/sso/start", { body: { email } });
    return { answer, cookie: keepCookies("", answer.headers), url: String(Object(answer.json).url) };
  };
  return {
    api,
    idp,
    accountId,
    owner,
    body,
    addMember: async (email, role = "viewer") => {
      const { id: userId } = await createUser(
        { db: api.db, now: () => new Date() },
        { email, password: PASSWORD },
      );
      const data = { id: randomUUID(), organizationId: accountId, userId, role, createdAt: new Date() };
      await api.db.member.create({ data });
      return userId;
    },
    start,
    signIn: async (email, claims) => {
      const { cookie, url } = await start(email);
      const answer = await api.ask("POST", "/api/auth/sso/finish", {
        cookie,
        body: idp.approve(url, claims),
      });
      return { answer, cookie: keepCookies(cookie, answer.headers) };
    },
    stop: async () => {
      await api.stop();
      idp.stop();
    },
  };
}
