import { APIError } from "better-auth/api";

/** How passwords are hashed and compared; each takes a thread for a tenth of a second or more. */
export type Passwords = {
  hash(password: string): Promise<string>;
  verify(attempt: { hash: string; password: string }): Promise<boolean>;
};

/** Half of the process's four threads, which also look up names and open connections to Postgres. */
const AT_ONCE = 2;
/** Some seconds of work: a request that would wait longer is refused in words. */
const MAX_WAITING = 100;

/**
 * Hashes and compares at most two passwords at once; others wait their turn, and with 100 waiting more are refused with 503.
 *
 * Without it, twenty sign-ins at the same instant hold all threads of the process for so long that its new connections to Postgres time
 * out, for every request of every user.
 */
export function queuePasswords({ hash, verify }: Passwords): Passwords {
  let running = 0;
  const waiting: (() => void)[] = [];
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running < AT_ONCE) running++;
    else if (waiting.length < MAX_WAITING) await new Promise<void>((resolve) => waiting.push(resolve));
    else throw tooBusy();
    try {
      return await work();
    } finally {
      // The next one in the queue takes the place.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
  return {
    hash: (password) => inTurn(() => hash(password)),
    verify: (attempt) => inTurn(() => verify(attempt)),
  };
}

function tooBusy(): APIError {
  return new APIError("SERVICE_UNAVAILABLE", {
    code: "TOO_BUSY",
    message: "Too many people are signing in right now. Try again in a minute.",
  });
}
