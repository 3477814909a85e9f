import { ACCOUNT_FIELD, ACCOUNT_HEADER } from "../http/read-named-account.ts";

type Operation = { security?: unknown[]; parameters?: unknown[] };

const HEADER = {
  name: "X-Waxseal-Account",
  in: "header",
  required: false,
  schema: { type: "string", maxLength: 100 },
  description: "Id of the account to act in: a customer of the API key's account, or an account of the user.",
};

const FIELD = {
  name: ACCOUNT_FIELD,
  in: "query",
  required: false,
  schema: { type: "string", maxLength: 100 },
  description: `The same as ${ACCOUNT_HEADER}, for links and event streams.`,
};

/** The OpenAPI document in which every operation that is not public takes the account: as a header, and reads also in the query. */
export function describeAccount<T extends object>(document: T): T {
  const paths: Record<string, Record<string, Operation>> = "paths" in document ? Object(document.paths) : {};
  for (const item of Object.values(paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (operation.security?.length === 0) continue;
      operation.parameters = [...(operation.parameters ?? []), HEADER, ...(method === "get" ? [FIELD] : [])];
    }
  }
  return document;
}
