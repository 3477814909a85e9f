import { randomUUID } from "node:crypto";
import type { Role } from "@waxseal/contract";
import type { Database } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { Person } from "../src/accounts/person.ts";
import { type Context, createContext } from "../src/context.ts";
import type { Mail } from "../src/mail/create-mailer.ts";
import type { QueueMail } from "../src/mail/queue-mail.ts";

/** People of one installation with a clock that tests set, and the mails they were sent. */
export type TestPeople = {
  now(): Date;
  wait(ms: number): void;
  mails: Mail[];
  deps: { publicUrl: string; queueMail: QueueMail };
  addAccount(options?: { parentId?: string; name?: string }): Promise<string>;
  /** A person with a confirmed address and one session, who belongs to no account. */
  addPerson(name?: string): Promise<Person>;
  /** A member of the account, as a person and as the context they work in. */
  addMember(accountId: string, role?: Role, name?: string): Promise<{ ctx: Context; person: Person }>;
  addSession(userId: string, data?: object): Promise<string>;
  addPasskey(userId: string): Promise<string>;
  /** The kinds of the account's events, oldest first. */
  listEventKinds(accountId: string): Promise<string[]>;
  /** The last word of the newest link that was mailed to this address. */
  findMailedToken(to: string): string;
};

/** People on a database, for tests. */
export function createTestPeople(db: Database): TestPeople {
  let at = new Date("2026-03-15T06:00:00Z");
  const mails: Mail[] = [];
  const now = () => at;
  const people: TestPeople = {
    now,
    wait: (ms) => {
      at = new Date(at.getTime() + ms);
    },
    mails,
    deps: {
      publicUrl: "https://waxseal.example",
      queueMail: async (_db, mail) => {
        mails.push(mail);
      },
    },
    addAccount: async ({ parentId, name = "Cellar" } = {}) => {
      const id = randomUUID();
      await db.organization.create({ data: { id, name, slug: id, parentId: parentId ?? null } });
      return id;
    },
    addPerson: async (name = "Ann") => {
      const id = randomUUID();
      const email = `${id}@people.example`;
      await db.user.create({ data: { id, email, name, emailVerified: true, createdAt: at } });
      const sessionId = await people.addSession(id);
      return { id, name, email, sessionId, signedInAt: at, ssoAccountId: null };
    },
    addMember: async (accountId, role = "owner", name = "Ann") => {
      const person = await people.addPerson(name);
      await db.member.create({
        data: { id: randomUUID(), organizationId: accountId, userId: person.id, role, createdAt: at },
      });
      await db.session.update({
        where: { id: person.sessionId },
        data: { activeOrganizationId: accountId },
      });
      const actor = { kind: "user", id: person.id, name } as const;
      return { person, ctx: createContext({ db, now }, accountId, actor, role) };
    },
    addSession: async (userId, data = {}) => {
      const id = randomUUID();
      const expiresAt = new Date(at.getTime() + DAY_MS);
      await db.session.create({ data: { id, token: id, userId, expiresAt, ...data } });
      return id;
    },
    addPasskey: async (userId) => {
      const id = randomUUID();
      const data = { id, userId, name: "Laptop", publicKey: "k", credentialID: id, counter: 0 };
      await db.passkey.create({ data: { ...data, deviceType: "singleDevice", backedUp: false } });
      return id;
    },
    listEventKinds: async (accountId) => {
      const rows = await db.event.findMany({ where: { accountId }, orderBy: { id: "asc" } });
      return rows.map(({ kind }) => kind);
    },
    findMailedToken: (to) => {
      const mail = mails.findLast((one) => one.to === to);
      const url = mail?.text.match(/https:\/\/waxseal\.example\/\S+\/(\S+)/);
      if (!url?.[1]) throw new Error(`no link was mailed to ${to}`);
      return url[1];
    },
  };
  return people;
}
