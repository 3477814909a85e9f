import { createRoute, notFound, redirect } from "@tanstack/react-router";
import { meQuery } from "../api/account.ts";
import { paths } from "../paths.ts";
import { orNoAccount } from "./or-no-account.ts";
import { root } from "./root-route.tsx";

/** Pages whose addresses named no account once. */
const OLD_PATHS = [
  ...["domains", "reports", "customers"].flatMap((name) => [`/${name}`, `/${name}/$`]),
  "/policy-changes",
  "/policy-changes/$",
  "/quarantine",
  "/instructions",
  "/settings",
  "/settings/$",
  "/audit",
  "/sso-required",
  "/two-factor",
];

/** An address that is no page: who is signed in sees that in the account one starts in, others on a page of its own. */
const unknown = createRoute({
  getParentRoute: () => root,
  path: "/$",
  beforeLoad: async ({ context, location }) => {
    const me = await orNoAccount(context.queryClient.ensureQueryData(meQuery));
    if (!me) throw notFound();
    throw redirect({
      to: `/a/$account${location.pathname}`,
      params: { account: me.account.id },
      replace: true,
    });
  },
});

/** Bookmarks and links without an account: they lead to the same page of the account one starts in. */
export const oldRoutes = [...OLD_PATHS.map(leadToAccount), unknown];

function leadToAccount(path: string) {
  return createRoute({
    getParentRoute: () => root,
    path,
    beforeLoad: async ({ context, location }) => {
      // Asked again: another tab may have moved on to another account.
      const me = await orNoAccount(context.queryClient.fetchQuery({ ...meQuery, staleTime: 0 }));
      if (!me) throw redirect({ to: paths.signIn(), search: { next: location.href } });
      throw redirect({
        to: `/a/$account${location.pathname}`,
        params: { account: me.account.id },
        search: location.search,
        hash: location.hash,
        replace: true,
      });
    },
  });
}
