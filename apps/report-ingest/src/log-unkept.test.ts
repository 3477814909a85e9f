import { AppError } from "@waxseal/core";
import type { Logger } from "@waxseal/runtime";
import { expect, test } from "vitest";
import { logUnkept } from "./log-unkept.ts";

test.each([
  [
    new AppError("limit_reached", "The mailbox is full.", { reason: "daily_limit" }),
    "info",
    "report not accepted",
  ],
  [Object.assign(new Error("x"), { code: "53100" }), "error", "database has no space left"],
  [Object.assign(new Error("x"), { code: "ECONNREFUSED" }), "warn", "database not available"],
  [Object.assign(new Error("x"), { code: "57P01", severity: "FATAL" }), "warn", "database not available"],
  [new TypeError("x is not a function"), "error", "report could not be kept"],
])("the log names why a report was not kept: %s", (error, level, message) => {
  const lines: unknown[] = [];
  const write = (name: string) => (_: object, text: string) => lines.push([name, text]);
  const logger = { info: write("info"), warn: write("warn"), error: write("error") };
  logUnkept(logger as unknown as Logger, error);
  expect(lines).toEqual([[level, message]]);
});
