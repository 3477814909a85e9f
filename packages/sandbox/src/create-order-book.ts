import { randomBytes, randomUUID } from "node:crypto";
import { AcmeProblem, type ProblemDocument } from "./acme-problem.ts";
import { type ValidationView, validateHttp01 } from "./validate-http01.ts";

const MAX_ORDERS = 5_000;
const ORDER_LIFE_MS = 24 * 3600 * 1000;

/** RFC 8555 §7.1.3 */
export type AcmeOrder = {
  id: string;
  accountId: string;
  status: "pending" | "ready" | "processing" | "valid" | "invalid";
  expiresAt: Date;
  names: readonly string[];
  authorizations: readonly AcmeAuthorization[];
  /** Fields of later specifications that are repeated as they came. */
  profile: string | undefined;
  replaces: string | undefined;
  certificateId: string | undefined;
  error: ProblemDocument | undefined;
};

/** An authorization with its one challenge, http-01. RFC 8555 §7.1.4, §7.1.5 */
export type AcmeAuthorization = {
  id: string;
  accountId: string;
  status: "pending" | "valid" | "invalid" | "deactivated";
  expiresAt: Date;
  name: string;
  token: string;
  challenge: {
    status: "pending" | "processing" | "valid" | "invalid";
    validatedAt?: Date;
    error?: ProblemDocument;
  };
};

/** The orders of the sandbox CA, in memory: a restart forgets them as any CA may. */
export type OrderBook = {
  add(input: {
    accountId: string;
    names: readonly string[];
    profile: string | undefined;
    replaces: string | undefined;
  }): AcmeOrder;
  /** Of this account only. @throws AcmeProblem `malformed` (404) – none such */
  get(accountId: string, orderId: string): AcmeOrder;
  getAuthorization(accountId: string, authorizationId: string): AcmeAuthorization;
  deactivate(authorization: AcmeAuthorization): void;
  /** Validates in earnest, once; resolves when the result is in the challenge. Never throws. */
  validate(authorization: AcmeAuthorization, account: { thumbprint: string; url: string }): Promise<void>;
};

/** At most 5,000 orders; the oldest is forgotten first. RFC 8555 §7.1.6 */
export function createOrderBook(deps: { view: ValidationView; now: () => Date }): OrderBook {
  const orders = new Map<string, AcmeOrder>();

  const findOrderOf = (authorization: AcmeAuthorization) =>
    [...orders.values()].find((order) => order.authorizations.includes(authorization));
  const settleOrder = (authorization: AcmeAuthorization) => {
    const order = findOrderOf(authorization);
    if (order?.status !== "pending") return;
    const broken = order.authorizations.find(
      ({ status }) => status === "invalid" || status === "deactivated",
    );
    if (broken) {
      order.status = "invalid";
      order.error = broken.challenge.error;
    } else if (order.authorizations.every(({ status }) => status === "valid")) {
      order.status = "ready";
    }
  };

  return {
    add({ accountId, names, profile, replaces }) {
      const expiresAt = new Date(deps.now().getTime() + ORDER_LIFE_MS);
      const authorizations = names.map(
        (name): AcmeAuthorization => ({
          id: randomUUID(),
          accountId,
          status: "pending",
          expiresAt,
          name,
          token: randomBytes(32).toString("base64url"),
          challenge: { status: "pending" },
        }),
      );
      const order: AcmeOrder = {
        id: randomUUID(),
        accountId,
        status: "pending",
        expiresAt,
        names,
        authorizations,
        profile,
        replaces,
        certificateId: undefined,
        error: undefined,
      };
      orders.set(order.id, order);
      const [oldest] = orders.keys();
      if (orders.size > MAX_ORDERS && oldest) orders.delete(oldest);
      return order;
    },
    get(accountId, orderId) {
      const order = orders.get(orderId);
      if (order?.accountId !== accountId)
        throw new AcmeProblem("malformed", "no such order", { status: 404 });
      return order;
    },
    getAuthorization(accountId, authorizationId) {
      for (const order of orders.values()) {
        const found = order.authorizations.find(({ id }) => id === authorizationId);
        if (found?.accountId === accountId) return found;
      }
      throw new AcmeProblem("malformed", "no such authorization", { status: 404 });
    },
    deactivate(authorization) {
      authorization.status = "deactivated";
      settleOrder(authorization);
    },
    async validate(authorization, account) {
      const { challenge, name, token } = authorization;
      if (challenge.status !== "pending" || authorization.status !== "pending") return;
      challenge.status = "processing";
      try {
        const keyAuthorization = `${token}.${account.thumbprint}`;
        await validateHttp01(deps.view, { name, token, keyAuthorization, accountUrl: account.url });
        challenge.status = "valid";
        challenge.validatedAt = deps.now();
        if (authorization.status === "pending") authorization.status = "valid";
      } catch (error) {
        const problem =
          error instanceof AcmeProblem ? error : new AcmeProblem("serverInternal", String(error));
        challenge.status = "invalid";
        challenge.error = problem.document;
        authorization.status = "invalid";
      }
      settleOrder(authorization);
    },
  };
}
