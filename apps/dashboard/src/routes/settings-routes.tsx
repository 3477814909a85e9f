import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { paths } from "../paths.ts";
import { preload } from "../preload-page.ts";
import { app } from "./app-route.tsx";

const settings = createRoute({
  getParentRoute: () => app,
  path: "/settings",
  component: lazyRouteComponent(() => import("../features/account/SettingsLayout.tsx"), "SettingsLayout"),
});
const index = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: paths.profile(), params, replace: true });
  },
});
const pages = () => import("../features/account/SettingsPages.tsx");
const profile = createRoute({
  getParentRoute: () => settings,
  path: "/profile",
  component: lazyRouteComponent(pages, "ProfilePage"),
});
const security = createRoute({
  getParentRoute: () => settings,
  path: "/security",
  loader: preload.security,
  component: lazyRouteComponent(pages, "SecurityPage"),
});
const account = createRoute({
  getParentRoute: () => settings,
  path: "/account",
  loader: preload.accountSettings,
  component: lazyRouteComponent(pages, "AccountSettingsPage"),
});
const branding = createRoute({
  getParentRoute: () => settings,
  path: "/branding",
  component: lazyRouteComponent(() => import("../features/branding/BrandingPage.tsx"), "BrandingPage"),
});
const members = createRoute({
  getParentRoute: () => settings,
  path: "/members",
  // A link may open the invitation at once.
  validateSearch: ({ invite }: Record<string, unknown>) => ({ ...(invite === true && { invite }) }),
  loader: preload.members,
  component: lazyRouteComponent(pages, "MembersPage"),
});
const notifications = createRoute({
  getParentRoute: () => settings,
  path: "/notifications",
  component: lazyRouteComponent(
    () => import("../features/alerts/NotificationsPage.tsx"),
    "NotificationsPage",
  ),
});
const apiKeys = createRoute({
  getParentRoute: () => settings,
  path: "/api",
  loader: preload.apiKeys,
  component: lazyRouteComponent(pages, "ApiKeysPage"),
});
const data = createRoute({
  getParentRoute: () => settings,
  path: "/data",
  loader: preload.dataSettings,
  component: lazyRouteComponent(pages, "DataSettingsPage"),
});

/** The person's and the account's settings, a page for each kind. */
export const settingsRoutes = [
  settings.addChildren([index, profile, security, account, branding, members, notifications, apiKeys, data]),
];
