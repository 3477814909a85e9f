import { AppError } from "@waxseal/core";
import { createLogger } from "@waxseal/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { defineJob } from "./define-job.ts";
import { JOBS } from "./jobs/index.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** The jobs here look at nothing but the logger. */
function onlyLogger(): WorkerDeps {
  return { logger: createLogger("test", "silent") } as unknown as WorkerDeps;
}

const failing = (error: Error) =>
  defineJob({
    name: "test",
    payload: z.object({ domainId: z.string() }),
    retry: { attempts: 3 },
    run: () => Promise.reject(error),
  });

const payload = { domainId: "1" };

test("a refusal that may end is tried again, one that cannot is dropped", async () => {
  for (const refusal of [
    new AppError("unavailable", "not yet", { reason: "dependency_away" }),
    new AppError("limit_reached", "not yet", { reason: "too_often" }),
  ]) {
    const later = failing(refusal);
    await expect(later.run(onlyLogger(), payload, 1)).rejects.toThrow("not yet");
  }
  const never = failing(new AppError("not_found", "gone"));
  await expect(never.run(onlyLogger(), payload, 1)).resolves.toBe("dropped");
});

test("an error is tried again until the attempts are used up", async () => {
  const job = failing(new Error("bug"));
  await expect(job.run(onlyLogger(), payload, 2)).rejects.toThrow("bug");
  await expect(job.run(onlyLogger(), payload, 3)).resolves.toBe("given-up");
});

test("a payload of another shape never reaches the verb", async () => {
  const job = failing(new Error("the verb was called"));
  await expect(job.run(onlyLogger(), { domainId: 1 }, 1)).rejects.toThrow(/domainId/);
});

test("every job has a unique name", () => {
  const names = JOBS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
