import type { Role } from "@waxseal/contract/permissions";

/** What each role is for, after its name. */
export const ROLE_MEANINGS: Record<Role, string> = {
  owner: "full access, can manage owners",
  admin: "also members and API keys",
  editor: "domains, policies and reports",
  viewer: "read only",
};

export const ROLE_NAMES: Record<Role, string> = {
  owner: "Owner",
  admin: "Admin",
  editor: "Editor",
  viewer: "Viewer",
};
