import fc from "fast-check";

/**
 * Vitest set-up: property tests see the same cases on every run, so that a red run means a changed line.
 * New cases are looked for by `npm run fuzz` of the protocol packages, or with FC_SEED set to another number.
 */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.FC_SEED ?? 8461) });
