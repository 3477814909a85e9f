import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { z } from "zod";

/** Characters of a text in a body or query; an identity provider's code is the longest. */
const MAX_TEXT = 4_096;
/** Largest JSON in which a browser describes a new passkey; the longest contain certificates. */
const MAX_NESTED = 32_000;
/** What is stored as it is typed. */
const MAX_PASSKEY_NAME = 60;

const Fields = z.record(z.string(), z.unknown());

/**
 * Refuses texts that are too long for every endpoint of the sign-in library, whose own shapes have no longest length.
 * Endpoints of ours have shorter ones for what they keep, such as a person's name.
 */
export function boundTexts() {
  return {
    id: "bound-texts",
    hooks: {
      before: [
        {
          matcher: () => true,
          handler: createAuthMiddleware(async ({ path, body, query }) => {
            for (const given of [body, query]) {
              const { data = {} } = Fields.safeParse(given);
              for (const [field, value] of Object.entries(data)) {
                if (lengthOf(value) > maxLength(path, field, value)) throw tooLong(path, field);
              }
            }
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

function maxLength(path: string, field: string, value: unknown): number {
  if (field === "name" && path.startsWith("/passkey/")) return MAX_PASSKEY_NAME;
  return typeof value === "string" ? MAX_TEXT : MAX_NESTED;
}

function lengthOf(value: unknown): number {
  return typeof value === "string" ? value.trim().length : (JSON.stringify(value)?.length ?? 0);
}

function tooLong(path: string, field: string): APIError {
  const isPasskeyName = maxLength(path, field, "") === MAX_PASSKEY_NAME;
  return new APIError("BAD_REQUEST", {
    code: "TEXT_TOO_LONG",
    message: isPasskeyName
      ? `Give the passkey a name of at most ${MAX_PASSKEY_NAME} characters.`
      : "What you entered is too long.",
  });
}
