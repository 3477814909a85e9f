import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet } from "@tanstack/react-router";
import type { QueryClients } from "../api/create-query-clients.ts";
import { ConnectionNotice } from "../features/shell/ConnectionNotice.tsx";
import { NotFoundPage } from "../features/shell/NotFoundPage.tsx";

/** The frame of every page. */
export const root = createRootRouteWithContext<{ queryClient: QueryClient; clients: QueryClients }>()({
  component: () => (
    <>
      <Outlet />
      <ConnectionNotice />
    </>
  ),
  notFoundComponent: () => (
    <main>
      <NotFoundPage />
    </main>
  ),
});
