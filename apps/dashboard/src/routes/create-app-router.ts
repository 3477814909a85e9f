import { createRouter, parseSearchWith, stringifySearchWith } from "@tanstack/react-router";
import type { QueryClients } from "../api/create-query-clients.ts";
import { ErrorPage } from "../features/shell/ErrorPage.tsx";
import { NotFoundPage } from "../features/shell/NotFoundPage.tsx";
import { PendingPage } from "../features/shell/PendingPage.tsx";
import { account, gateRoutes } from "./account-route.tsx";
import { accountRoutes } from "./account-routes.tsx";
import { app } from "./app-route.tsx";
import { domainRoutes } from "./domain-routes.tsx";
import { frontRoutes } from "./front-routes.tsx";
import { oldRoutes } from "./old-routes.tsx";
import { reportRoutes } from "./report-routes.tsx";
import { root } from "./root-route.tsx";
import { settingsRoutes } from "./settings-routes.tsx";

const routeTree = root.addChildren([
  ...frontRoutes,
  ...oldRoutes,
  account.addChildren([
    ...gateRoutes,
    app.addChildren([...domainRoutes, ...reportRoutes, ...settingsRoutes, ...accountRoutes]),
  ]),
]);

export function createAppRouter(clients: QueryClients) {
  return createRouter({
    routeTree,
    context: { queryClient: clients.front, clients },
    defaultPreload: "intent",
    defaultPendingComponent: PendingPage,
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
    // Plain words in the address bar: ?from=2026-01-01, never %22-quoted JSON.
    parseSearch: parseSearchWith((text) => text),
    stringifySearch: stringifySearchWith(String),
  });
}
