import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

/** What a password costs in production: 32 MiB and a twentieth of a second for each sign-in. */
const COST = { N: 16_384, r: 16, p: 1 };

/** Vitest runs this file before each test file, in one process. */
const PATCHED = Symbol.for("waxseal.cheap-passwords");

/**
 * Vitest set-up: passwords are hashed by the same function at a hundredth of its cost. Fails when production asks for less than its cost.
 */
if (!(PATCHED in crypto.scrypt)) {
  const { scrypt } = crypto;
  const cheap = (...[password, salt, length, options, done]: Parameters<typeof scrypt>) => {
    const asked = { N: options.N, r: options.r, p: options.p };
    if (JSON.stringify(asked) !== JSON.stringify(COST))
      throw new Error(`A password costs ${JSON.stringify(asked)}.`);
    scrypt(password, salt, length, { ...options, N: 128 }, done);
  };
  crypto.scrypt = Object.assign(cheap as typeof scrypt, { [PATCHED]: true });
  syncBuiltinESMExports();
}
