import { expect, test } from "vitest";
import {
  type Action,
  API_KEY_SCOPES,
  mayDo,
  PERMISSIONS,
  ROLES,
  readRole,
  SCOPE_ROLES,
} from "./permissions.ts";

const actions = Object.keys(PERMISSIONS).filter(isAction);

function isAction(name: string): name is Action {
  return Object.hasOwn(PERMISSIONS, name);
}

test("a viewer may read and nothing else", () => {
  expect(actions.filter((action) => mayDo("viewer", action))).toEqual([
    "account.read",
    "domains.read",
    "reports.read",
  ]);
});

test("each role may all that the role below it may", () => {
  for (const [index, role] of ROLES.entries()) {
    const below = ROLES[index + 1];
    if (!below) continue;
    for (const action of actions)
      if (mayDo(below, action)) expect([role, action, mayDo(role, action)]).toEqual([role, action, true]);
  }
});

test("a key that onboards reads, makes customers and adds domains: no policy, no key, no leaving", () => {
  expect(actions.filter((action) => mayDo("onboarder", action))).toEqual([
    "account.read",
    "customers.manage",
    "domains.read",
    "domains.change",
    "reports.read",
  ]);
});

test("no API key is an owner, and a role of no known name is a viewer", () => {
  expect(API_KEY_SCOPES.map((scope) => SCOPE_ROLES[scope])).toEqual([
    "viewer",
    "onboarder",
    "editor",
    "admin",
  ]);
  expect([readRole("member"), readRole("owner,admin"), readRole(null)]).toEqual([
    "viewer",
    "viewer",
    "viewer",
  ]);
});
